// Finds mistakes in Dockerfiles. Usage: node dockerfile.mjs FILE...
import { readFile } from 'node:fs/promises';
import { validate } from 'dockerfile-utils';
import { report } from './findings.mjs';

const findings = [];
for (const file of process.argv.slice(2)) {
  findings.push(...validate(await readFile(file, 'utf8')).map(({ range, message }) => ({ file, line: range.start.line + 1, message })));
}
report(findings);
