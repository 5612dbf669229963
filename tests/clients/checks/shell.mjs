// Runs ShellCheck on scripts. Usage: node shell.mjs FILE...
import { readFile } from 'node:fs/promises';
import { report } from './findings.mjs';
import { shellcheck } from './shellcheck.mjs';

const findings = [];
for (const file of process.argv.slice(2)) {
  findings.push(...(await shellcheck(await readFile(file, 'utf8'))).map((found) => ({ file, ...found })));
}
report(findings);
