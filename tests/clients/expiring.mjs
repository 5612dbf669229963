// Calls a tool until the access token was renewed. The SDK 1.x asks Entra ID for no refresh token (offline_access): it needs a browser again.
// Arguments: which SDK (1 or 2), the URL, the sign-in (JSON), the call (JSON), and a URL to POST to as soon as the first token is there.
// Output: what was seen.
import { SignIn } from './sign-in.mjs';

const [sdk, url, signInArgument, callArgument, onSignedIn] = process.argv.slice(2);
const { Client, StreamableHTTPClientTransport, UnauthorizedError } = sdk === '1' ? await sdk1() : await import('@modelcontextprotocol/client');
const limit = Date.now() + 60_000;

const signIn = new SignIn(JSON.parse(signInArgument));
const client = new Client({ name: 'a host', version: '1.0.0' }, { versionNegotiation: { mode: { pin: '2026-07-28' } } });
await signIn.connect(client, () => new StreamableHTTPClientTransport(new URL(url), { authProvider: signIn }), UnauthorizedError);
const session = client.transport.sessionId;
await fetch(onSignedIn, { method: 'POST' });

const withFirst = await call();
while (signIn.received.length < 2 && Date.now() < limit) {
  await call();
  await new Promise((resolve) => setTimeout(resolve, 100));
}
const withSecond = await call();
console.log(JSON.stringify({
  withFirst,
  withSecond,
  tokens: new Set(signIn.received.map((token) => token.access_token)).size,
  pages: signIn.pages,
  session: session ?? null,
  keptItsSession: client.transport.sessionId === session,
}));
await client.close();

async function call() {
  const params = JSON.parse(callArgument);
  const result = await client.callTool(params).catch(async (error) => {
    if (!(error instanceof UnauthorizedError)) {
      throw error;
    }
    await signIn.finish(client.transport);
    return client.callTool(params);
  });
  return result.content[0].text;
}

async function sdk1() {
  const { UnauthorizedError } = await import('@modelcontextprotocol/sdk/client/auth.js');
  const { Client } = await import('@modelcontextprotocol/sdk/client/index.js');
  const { StreamableHTTPClientTransport } = await import('@modelcontextprotocol/sdk/client/streamableHttp.js');
  return { Client, StreamableHTTPClientTransport, UnauthorizedError };
}
