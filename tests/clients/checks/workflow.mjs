// Validates workflows as GitHub does (schema and expressions), runs ShellCheck on their steps, and checks that actions are pinned by digest.
// Usage: node workflow.mjs FILE...
import { readFile } from 'node:fs/promises';
import { registerHooks } from 'node:module';
import { basename } from 'node:path';
import { isMap, LineCounter, parseDocument, visit } from 'yaml';
import { report } from './findings.mjs';
import { shellcheck } from './shellcheck.mjs';

// The parser imports its schema in the way that bundlers accept. Node requires an import attribute for JSON.
registerHooks({
  load: (url, context, next) => next(url, url.endsWith('.json') ? { ...context, importAttributes: { type: 'json' } } : context),
});
const { convertWorkflowTemplate, NoOperationTraceWriter, parseWorkflow } = await import('@actions/workflow-parser');

const findings = [];
for (const file of process.argv.slice(2)) {
  const content = await readFile(file, 'utf8');
  findings.push(...(await whatGitHubSays(content, basename(file))).map((message) => ({ file, message })));

  const lines = new LineCounter();
  const workflow = parseDocument(content, { lineCounter: lines });
  for (const { step, shell } of steps(workflow)) {
    const line = lines.linePos(step.range[0]).line;
    const uses = step.get('uses');
    if (uses !== undefined && !/^(\.\/|[^@]+@[0-9a-f]{40}$)/.test(uses)) {
      findings.push({ file, line, message: `${uses} is not pinned by digest.` });
    }
    if (step.has('run') && shell !== 'pwsh') {
      // GitHub replaces an expression with its value before the shell reads the script.
      const script = step.get('run').replace(/\$\{\{.*?\}\}/gs, 'expression');
      findings.push(...(await shellcheck(script, { shell })).map(({ message }) => ({ file, line, message })));
    }
  }
}
report(findings);

async function whatGitHubSays(content, name) {
  const parsed = parseWorkflow({ name, content }, new NoOperationTraceWriter());
  if (parsed.value !== undefined) {
    await convertWorkflowTemplate(parsed.context, parsed.value);
  }
  return parsed.context.errors.getErrors().map((error) => error.message);
}

function steps(workflow) {
  const found = [];
  visit(workflow, {
    Pair(_, pair) {
      if (pair.key?.value === 'steps') {
        found.push(...pair.value.items.filter(isMap).map((step) => ({ step, shell: step.get('shell') ?? 'bash' })));
      }
    },
  });
  return found;
}
