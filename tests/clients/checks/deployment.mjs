// Evaluates the deployment workflow for an event as GitHub does. Usage: node deployment.mjs WORKFLOW CONTEXTS, where CONTEXTS is a JSON
// object such as {"github":{…},"vars":{…}}. Prints whether the job runs, the environment, and the commit that it checks out.
import { Evaluator, Lexer, Parser, data } from '@actions/expressions';
import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';

const [file, contexts] = process.argv.slice(2);
const { deploy } = parse(await readFile(file, 'utf8')).jobs;
const known = JSON.parse(contexts, data.reviver);
const checkout = deploy.steps.find((step) => step.uses?.startsWith('actions/checkout@'));
console.log(JSON.stringify({
  runs: evaluate(deploy.if) === 'true',
  environment: evaluate(deploy.environment),
  commit: evaluate(checkout.with.ref),
}));

function evaluate(text) {
  const expression = text.replace(/^\$\{\{(.*)\}\}$/s, '$1');
  const tree = new Parser(new Lexer(expression).lex().tokens, ['github', 'vars', 'inputs'], []).parse();
  return new Evaluator(tree, known).evaluate().coerceString();
}
