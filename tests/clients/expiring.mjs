// Calls a tool until the client has renewed the access token. SDK 1.x does not request a refresh token (offline_access) from Entra ID, so it
// needs a browser again. Arguments: the SDK (1 or 2), the URL, the sign-in (JSON), the call (JSON), and a URL for a POST request after the
// client has the first token. Output: the observations as JSON.
import { sdk } from './sdk.mjs';
import { SignIn } from './sign-in.mjs';

const [generation, url, signInArgument, callArgument, onSignedIn] = process.argv.slice(2);
const { newClient, StreamableHTTPClientTransport, UnauthorizedError } = await sdk(generation);
const limit = Date.now() + 90_000;

const signIn = new SignIn(JSON.parse(signInArgument));
const client = newClient();
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
  return (await signIn.call(client, JSON.parse(callArgument), UnauthorizedError)).content[0].text;
}
