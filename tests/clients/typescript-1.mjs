// The TypeScript SDK 1.x: Streamable HTTP with a session, or HTTP+SSE of 2024-11-05 where the URL ends in /sse.
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { SSEClientTransport } from '@modelcontextprotocol/sdk/client/sse.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { journey, url } from './journey.mjs';

const transport = url.pathname.endsWith('/sse') ? new SSEClientTransport(url) : new StreamableHTTPClientTransport(url);

// The client tells its transport what was negotiated, and nobody else.
let protocolVersion;
const setProtocolVersion = transport.setProtocolVersion.bind(transport);
transport.setProtocolVersion = (version) => setProtocolVersion((protocolVersion = version));

const client = new Client({ name: 'typescript-1', version: '1.0.0' });
await client.connect(transport);
await journey({
  protocolVersion: () => protocolVersion,
  serverName: () => client.getServerVersion()?.name,
  listTools: () => client.listTools(),
  call: (params, options) => client.callTool(params, undefined, options),
  read: (uri) => client.readResource({ uri }),
  close: async () => {
    await transport.terminateSession?.();
    await client.close();
  },
});
