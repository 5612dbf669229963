// Prints the commands in documents as JSON lines { file, line, command }: each statement of a shell block, and each code span in the text
// that is a command, such as `remote-mcp …`. Usage: node commands.mjs FILE...
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import treeSitter from '@vscode/tree-sitter-wasm';

// A code span in the text is a command if it starts with one of these programs and has an argument.
const programs = ['az', 'azd', 'claude', 'curl', 'docker', 'dotnet', 'func', 'node', 'npm', 'npx', 'remote-mcp'];
// Shell blocks must have the language `sh`. A block without a language, or with one of these languages, could be a shell block that this
// script does not find.
const otherShells = ['', 'bash', 'console', 'powershell', 'pwsh', 'shell', 'zsh'];

const { Language, Parser } = treeSitter;
await Parser.init();
const grammar = join(dirname(createRequire(import.meta.url).resolve('@vscode/tree-sitter-wasm/package.json')), 'wasm', 'tree-sitter-bash.wasm');
const parser = new Parser();
parser.setLanguage(await Language.load(grammar));

for (const file of process.argv.slice(2)) {
  const lines = (await readFile(file, 'utf8')).split('\n');
  let fence = null;
  for (const [index, line] of lines.entries()) {
    const mark = /^(\s*)(```+)(\S*)\s*$/.exec(line);
    if (fence === null && mark !== null) {
      fence = { indent: mark[1].length, language: mark[3], line: index + 1, text: [] };
    } else if (mark !== null && mark[3] === '') {
      showBlock(file, fence);
      fence = null;
    } else if (fence !== null) {
      fence.text.push(line.slice(fence.indent));
    } else {
      showSpans(file, index + 1, line);
    }
  }
  if (fence !== null) {
    throw new Error(`${file}:${fence.line}: the code block is not closed.`);
  }
}

function showBlock(file, { language, line, text }) {
  if (otherShells.includes(language)) {
    throw new Error(`${file}:${line}: the code block has the language '${language}'. Specify the language, and use sh for shell commands.`);
  }
  if (language !== 'sh') {
    return;
  }
  const { rootNode } = parser.parse(text.join('\n'));
  if (rootNode.hasError) {
    throw new Error(`${file}:${line}: bash cannot parse this code block.`);
  }
  for (const statement of rootNode.namedChildren) {
    if (statement.type !== 'comment') {
      show(file, line + 1 + statement.startPosition.row, statement.text);
    }
  }
}

function showSpans(file, line, text) {
  for (const [, code] of text.matchAll(/`([^`]+)`/g)) {
    const [program, ...rest] = code.split(' ');
    if (programs.includes(program) && rest.length > 0) {
      show(file, line, code);
    }
  }
}

function show(file, line, command) {
  console.log(JSON.stringify({ file, line, command }));
}
