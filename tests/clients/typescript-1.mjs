// The TypeScript SDK 1.x, over Streamable HTTP with a session, HTTP+SSE of 2024-11-05 (if the URL ends in /sse), or stdio.
import { UnauthorizedError } from '@modelcontextprotocol/sdk/client/auth.js';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { SSEClientTransport } from '@modelcontextprotocol/sdk/client/sse.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { connect, journey, server } from './journey.mjs';

let negotiated;
const client = new Client({ name: 'typescript-1', version: '1.0.0' });
await connect(client, newTransport, UnauthorizedError);
await journey({
  protocolVersion: () => negotiated,
  serverName: () => client.getServerVersion()?.name,
  listTools: () => client.listTools(),
  call: (params, options) => client.callTool(params, undefined, options),
  read: (uri) => client.readResource({ uri }),
  close: async () => {
    await client.transport.terminateSession?.();
    await client.close();
  },
});

function newTransport(options) {
  const transport = toServer(options);

  // The client passes the negotiated version only to its transport.
  const setProtocolVersion = transport.setProtocolVersion?.bind(transport);
  transport.setProtocolVersion = (version) => {
    negotiated = version;
    setProtocolVersion?.(version);
  };
  return transport;
}

function toServer(options) {
  if (!server.url) {
    return new StdioClientTransport(server);
  }
  return server.url.pathname.endsWith('/sse')
    ? new SSEClientTransport(server.url, options)
    : new StreamableHTTPClientTransport(server.url, options);
}
