// The TypeScript client 2.x, only with revision 2026-07-28, over Streamable HTTP or stdio.
import { Client, StreamableHTTPClientTransport, UnauthorizedError } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { connect, journey, server } from './journey.mjs';

const client = new Client(
  { name: 'typescript-2', version: '1.0.0' },
  { versionNegotiation: { mode: { pin: '2026-07-28' } } },
);
await connect(
  client,
  (options) => (server.url ? new StreamableHTTPClientTransport(server.url, options) : new StdioClientTransport(server)),
  UnauthorizedError,
);
await journey({
  protocolVersion: () => client.getNegotiatedProtocolVersion(),
  serverName: () => client.getServerVersion()?.name,
  listTools: () => client.listTools(),
  call: (params, options) => client.callTool(params, options),
  read: (uri) => client.readResource({ uri }),
  close: () => client.close(),
});
