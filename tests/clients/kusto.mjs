// Parses queries with Microsoft's own parser of the Kusto Query Language, for the tests of the server's grammar.
//
//   node kusto.mjs QUERIES.json
//
// The file has a JSON array of queries. The output has one line of JSON for each query:
//   errors     the messages of the syntax errors
//   kinds      the kinds of the nodes of the syntax tree
//   calls      the names of the functions and plugins that are called, and the text of their arguments
//   functions  the names of the functions that the query defines
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { runInThisContext } from 'node:vm';

// The library is not a module. It defines global variables.
const require = createRequire(import.meta.url);
for (const file of ['bridge.min.js', 'Kusto.Language.Bridge.min.js']) {
  const path = require.resolve(`@kusto/language-service-next/${file}`);
  runInThisContext(readFileSync(path, 'utf8'), path);
}
const { KustoCode, Syntax } = globalThis.Kusto.Language;
const kindNames = new Map(Object.entries(Syntax.SyntaxKind).map(([name, value]) => [value, name]));

function inspect(query) {
  const code = KustoCode.Parse(query);
  const kinds = new Set([`Code:${code.Kind}`]);
  const calls = [];
  const functions = [];
  Syntax.SyntaxElement.WalkNodes(code.Syntax, node => {
    const kind = kindNames.get(node.Kind);
    kinds.add(kind);
    if (kind === 'FunctionCallExpression') {
      calls.push({ name: node.Name.SimpleName, arguments: node.ArgumentList.toString() });
    } else if (kind === 'LetStatement' && kindNames.get(node.Expression.Kind) === 'FunctionDeclaration') {
      functions.push(node.Name.SimpleName);
    }
  });
  const diagnostics = code.GetSyntaxDiagnostics();
  const errors = [];
  for (let i = 0; i < diagnostics.Count; i++) {
    errors.push(diagnostics.getItem(i).Message);
  }
  return { errors, kinds: [...kinds], calls, functions };
}

for (const query of JSON.parse(readFileSync(process.argv[2], 'utf8'))) {
  console.log(JSON.stringify(inspect(query)));
}
