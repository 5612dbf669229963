// Validates a JSON or YAML file against a JSON schema. Usage: node schema.mjs SCHEMA FILE
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import Ajv from 'ajv/dist/2019.js';
import addFormats from 'ajv-formats';
import { parse } from 'yaml';
import { report } from './findings.mjs';

const [schemaFile, file] = process.argv.slice(2);
const require = createRequire(import.meta.url);
const schema = JSON.parse(await readFile(schemaFile, 'utf8'));

const ajv = addFormats(
  new Ajv({
    allErrors: true,
    strict: false,
    logger: false,
    // Does not load the schemas to which a schema refers. For azd, these are the services of extensions, which azure.yaml does not use.
    loadSchema: async () => ({}),
  }),
);
// The Compose specification still has the ids of draft 4. Nothing refers to them.
ajv.removeKeyword('id');
ajv.addMetaSchema(require('ajv/dist/refs/json-schema-draft-07.json'));
const validate = await ajv.compileAsync(schema);
validate(parse(await readFile(file, 'utf8')));
report((validate.errors ?? []).map(({ instancePath, message, params }) => ({ file, message: `${instancePath} ${message} ${JSON.stringify(params)}` })));
