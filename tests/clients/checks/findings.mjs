/** Prints each finding on a line. The exit code is 1 if there is a finding. */
export function report(findings) {
  for (const { file, line, message } of findings) {
    console.log(`${file}:${line ?? 1}: ${message}`);
  }
  process.exitCode = findings.length > 0 ? 1 : 0;
}
