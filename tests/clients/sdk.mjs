// The same interface for both generations of the TypeScript SDK. Only 2.x uses versionNegotiation: it then accepts only 2026-07-28.

/** @param generation '1' or '2' */
export async function sdk(generation) {
  const { Client, StreamableHTTPClientTransport, UnauthorizedError } = generation === '1' ? await first() : await import('@modelcontextprotocol/client');
  const newClient = (capabilities = {}) =>
    new Client({ name: 'a host', version: '1.0.0' }, { capabilities, versionNegotiation: { mode: { pin: '2026-07-28' } } });
  return { newClient, StreamableHTTPClientTransport, UnauthorizedError, elicitation: generation === '1' ? await elicitationSchema() : 'elicitation/create' };
}

async function first() {
  const { UnauthorizedError } = await import('@modelcontextprotocol/sdk/client/auth.js');
  const { Client } = await import('@modelcontextprotocol/sdk/client/index.js');
  const { StreamableHTTPClientTransport } = await import('@modelcontextprotocol/sdk/client/streamableHttp.js');
  return { Client, StreamableHTTPClientTransport, UnauthorizedError };
}

async function elicitationSchema() {
  const { ElicitRequestSchema } = await import('@modelcontextprotocol/sdk/types.js');
  return ElicitRequestSchema;
}
