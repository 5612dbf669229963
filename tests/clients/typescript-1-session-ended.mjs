// Shows how the TypeScript SDK 1.x handles the 404 for a session that another client ended. Argument: the URL.
// Output: the result of each call, whether the client kept its session, and the result of a client that connected again.
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';

const url = new URL(process.argv[2]);

const first = await connect();
const before = await echo(first);
const session = first.transport.sessionId;
const ended = await fetch(url, { method: 'DELETE', headers: { 'mcp-session-id': session, 'mcp-protocol-version': '2025-11-25' } });
const after = await echo(first);
const again = await echo(first);
const keptItsSession = first.transport.sessionId === session;
await first.close();

const second = await connect();
const anew = await echo(second);
const hasAnotherSession = second.transport.sessionId !== session;
await second.transport.terminateSession();
await second.close();

console.log(JSON.stringify({ ended: ended.ok, before, after, again, keptItsSession, anew, hasAnotherSession }));

async function connect() {
  const client = new Client({ name: 'typescript-1', version: '1.0.0' });
  await client.connect(new StreamableHTTPClientTransport(url));
  return client;
}

function echo(client) {
  return client.callTool({ name: 'echo', arguments: { text: 'hello' } }).then(
    (result) => result.content[0].text,
    (error) => `${error.code}`,
  );
}
