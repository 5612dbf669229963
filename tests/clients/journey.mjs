// The steps of each scripted client: list, call, read, fail, follow progress, cancel.
// Arguments: the server (a URL, or a command line as a JSON array for stdio), the plan (JSON) with the calls, and the sign-in if the server
// requires it: { clientId, resource } (JSON). Both members are optional.
// Output: the observations as one line of JSON.
import { SignIn } from './sign-in.mjs';

const [serverArgument, planArgument, signInArgument] = process.argv.slice(2);
const plan = JSON.parse(planArgument);

/** { url } or, for stdio, { command, args, env }. */
export const server = serverArgument.startsWith('[') ? toCommand(JSON.parse(serverArgument)) : { url: new URL(serverArgument) };

/** Connects, and signs in if the server requires it. */
export function connect(client, newTransport, UnauthorizedError) {
  const signIn = signInArgument && new SignIn(JSON.parse(signInArgument));
  return signIn
    ? signIn.connect(client, () => newTransport({ authProvider: signIn }), UnauthorizedError)
    : client.connect(newTransport());
}

/**
 * @param client the implementation of each step:
 *   protocolVersion(), serverName(), listTools(), call({ name, arguments }, { onprogress, signal }), read(uri), close()
 */
export async function journey(client) {
  const seen = {
    protocolVersion: client.protocolVersion(),
    serverName: client.serverName(),
    tools: (await client.listTools()).tools.map((tool) => tool.name),
    call: toResult(await client.call(plan.call)),
    resource: (await client.read(plan.resource)).contents[0].text,
    toolError: toResult(await client.call(plan.toolError)),
    protocolError: await client.call({ name: 'no_such_tool', arguments: {} }).then(
      () => null,
      (error) => ({ code: error.code, message: error.message }),
    ),
    progress: await followProgress(client),
    cancelled: await cancelOnProgress(client),
    afterCancel: toResult(await client.call(plan.afterCancel)),
  };
  await client.close();
  console.log(JSON.stringify(seen));
}

function toCommand([command, ...args]) {
  return { command, args, env: process.env };
}

async function followProgress(client) {
  const progress = [];
  await client.call(plan.progress, { onprogress: (update) => progress.push(update.progress) });
  return progress;
}

async function cancelOnProgress(client) {
  const abort = new AbortController();
  const call = client.call(plan.cancel, { signal: abort.signal, onprogress: () => abort.abort('the test cancels') });
  return call.then(
    () => false,
    () => abort.signal.aborted,
  );
}

function toResult(result) {
  return { isError: result.isError === true, text: result.content.map((block) => block.text ?? '').join('\n') };
}
