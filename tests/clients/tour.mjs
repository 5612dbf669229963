// Makes every call of a plan, page by page. If a call requires a scope that the user has not granted, the user signs in again.
// Arguments: the SDK (1 or 2), the URL, the sign-in (JSON), and the plan (JSON): { calls: [{ name, arguments }] } and optionally
// { resource, prompt }.
// Output: the lists of the server and the result of each call, as JSON.
import { sdk } from './sdk.mjs';
import { SignIn } from './sign-in.mjs';

const [generation, url, signInArgument, planArgument] = process.argv.slice(2);
const plan = JSON.parse(planArgument);
const { newClient, StreamableHTTPClientTransport, UnauthorizedError, elicitation } = await sdk(generation);

const signIn = new SignIn(JSON.parse(signInArgument));
const client = newClient({ elicitation: {} });
const questions = [];
client.setRequestHandler(elicitation, async ({ params }) => {
  questions.push(params.message);
  return { action: 'accept', content: { confirm: true } };
});
await signIn.connect(client, () => new StreamableHTTPClientTransport(new URL(url), { authProvider: signIn }), UnauthorizedError);

const toolsAtFirst = await toolNames();
const answers = [];
for (const { name, arguments: given } of plan.calls) {
  answers.push({ name, pages: await pages((cursor) => call(name, { ...given, ...cursor }), (page) => page.structured?.next_cursor) });
}
console.log(JSON.stringify({ toolsAtFirst, tools: await toolNames(), answers, questions, pages: signIn.pages, beside: await beside() }));
await client.transport.terminateSession?.();
await client.close();

async function toolNames() {
  return (await client.listTools()).tools.map((tool) => tool.name);
}

async function call(name, given) {
  const result = await signIn.call(client, { name, arguments: given }, UnauthorizedError);
  const text = result.content.map((block) => block.text ?? '').join('\n');
  return { isError: result.isError === true, text, structured: result.structuredContent ?? null };
}

async function beside() {
  if (!plan.resource) {
    return null;
  }
  const resources = await pages((cursor) => client.listResources(cursor), (page) => page.nextCursor);
  const { contents } = await client.readResource({ uri: plan.resource });
  const { prompts } = await client.listPrompts();
  const { messages } = await client.getPrompt(plan.prompt);
  return {
    resources: resources.flatMap((page) => page.resources.map(({ uri }) => uri)),
    resource: contents[0].text,
    prompts: prompts.map(({ name }) => name),
    prompt: messages.map(({ content }) => content.text).join('\n'),
  };
}

async function pages(ask, next) {
  const all = [];
  let cursor;
  do {
    all.push(await ask(cursor === undefined ? {} : { cursor }));
    cursor = next(all.at(-1));
  } while (cursor !== undefined);
  return all;
}
