// Calls a tool that requires a scope that the first token does not have, and confirms the prompt of the tool.
// Arguments: the SDK (1 or 2), the URL, the sign-in (JSON), the call (JSON). Output: the observations as JSON.
import { sdk } from './sdk.mjs';
import { SignIn } from './sign-in.mjs';

const [generation, url, signInArgument, callArgument] = process.argv.slice(2);
const { newClient, StreamableHTTPClientTransport, UnauthorizedError, elicitation } = await sdk(generation);

const signIn = new SignIn(JSON.parse(signInArgument));
const client = newClient({ elicitation: {} });
client.setRequestHandler(elicitation, async () => ({ action: 'accept', content: { confirm: true } }));
await signIn.connect(client, () => new StreamableHTTPClientTransport(new URL(url), { authProvider: signIn }), UnauthorizedError);

const session = client.transport.sessionId;
const toolsBefore = await toolNames();
const result = await signIn.call(client, JSON.parse(callArgument), UnauthorizedError);
const toolsAfter = await toolNames();
console.log(JSON.stringify({
  toolsBefore,
  toolsAfter,
  text: result.content[0].text,
  scopes: signIn.received.map((token) => token.scope),
  pages: signIn.pages,
  keptItsSession: client.transport.sessionId === session,
}));
await client.close();

async function toolNames() {
  return (await client.listTools()).tools.map((tool) => tool.name);
}
