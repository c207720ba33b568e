#!/usr/bin/env node
// A stand-in for Prisma's native schema engine, which Prisma would otherwise download at run time.
//
// Prisma's CLI starts the binary named by PRISMA_SCHEMA_ENGINE_BINARY and talks JSON-RPC with it, one message a line,
// over stdin and stdout. The same engine is published to npm compiled to WebAssembly
// (@prisma/schema-engine-wasm), talking to the database through a driver adapter. This file joins the two, so that
// `prisma generate`, `migrate deploy`, `migrate diff` and `migrate dev` need nothing but npm packages.
//
// stdout belongs to the protocol: nothing else may be written there.
import { readFileSync } from 'node:fs';
import readline from 'node:readline';
import { parseEngineArguments } from './schema-engine/arguments.mjs';
import { connectableAdapterFactory, noDatabaseFactory } from './schema-engine/adapter.mjs';
import { runDatabaseCommand } from './schema-engine/database-commands.mjs';
import { loadSchemaEngine } from './schema-engine/wasm.mjs';

// JSON-RPC application error, the code the native engine uses for every failure of its own.
const ENGINE_ERROR = 4466;
// The engine prints `migrate diff` output by sending the CLI a request; its id only must not collide with the CLI's.
const PRINT_REQUEST_ID_OFFSET = 1_000_000_000;

// `prisma --version` asks the engine for its own and waits for it to end.
if (process.argv.includes('--version')) {
  process.stdout.write('schema-engine-cli @prisma/schema-engine-wasm\n');
  process.exit(0);
}

const options = parseEngineArguments(process.argv.slice(2));

if (options.databaseCommand) {
  process.exit(await runDatabaseCommand(options.databaseCommand, options.url));
}

const SchemaEngine = await loadSchemaEngine();
const adapterFactory = options.url ? connectableAdapterFactory(options.url) : noDatabaseFactory();

function createEngine() {
  const datamodels = options.datamodels.map((path) => [path, readFileSync(path, 'utf8')]);
  return SchemaEngine.new(
    { datamodels: datamodels.length > 0 ? datamodels : undefined },
    () => {},
    adapterFactory,
  );
}

async function call(method, params) {
  // A new engine for every call: once it has applied migrations, the WebAssembly engine has given away the factory it
  // opens shadow databases with, and the next call on it would fail.
  const engine = await createEngine();
  if (method === 'getDatabaseVersion') return engine.version(params);
  if (method === 'evaluateDataLoss' || method === 'createMigration') {
    // These two expect that a shadow database was opened before, as `migrate dev` does with the native engine.
    await engine.devDiagnostic({ migrationsList: params.migrationsList, filters: params.filters });
  }
  if (typeof engine[method] !== 'function') throw new Error(`The schema engine has no method "${method}"`);
  return engine[method](params);
}

function send(message) {
  process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
}

async function answer({ id, method, params }) {
  try {
    const result = (await call(method, params ?? {})) ?? {};
    if (method === 'diff' && result.stdout) {
      send({ id: PRINT_REQUEST_ID_OFFSET + id, method: 'print', params: { content: result.stdout } });
    }
    send({ id, result });
  } catch (error) {
    const message = error.cause ? `${error.message}\n${error.cause}` : error.message;
    const data = { is_panic: false, message, error_code: error.code };
    send({ id, error: { code: ENGINE_ERROR, message: error.message, data } });
  }
}

// One request at a time: migrations must not interleave.
let previous = Promise.resolve();
readline
  .createInterface({ input: process.stdin })
  .on('line', (line) => {
    if (!line.trim()) return;
    const message = JSON.parse(line);
    if (!message.method) return; // the CLI's answer to our `print`
    previous = previous.then(() => answer(message));
  })
  .on('close', () => void previous.then(() => process.exit(0)));
process.on('SIGTERM', () => process.exit(0));
