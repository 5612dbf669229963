/** Prints what was found, a line each, and ends with 1 where that is anything. */
export function report(findings) {
  for (const { file, line, message } of findings) {
    console.log(`${file}:${line ?? 1}: ${message}`);
  }
  process.exitCode = findings.length > 0 ? 1 : 0;
}
