import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

const GLUE = '@prisma/schema-engine-wasm/schema_engine_bg';

// Links the WebAssembly module by hand: the package's own entry point imports the .wasm file as a module, which Node
// does not allow without flags.
export async function loadSchemaEngine() {
  // The engine reports panics through this global, before it throws.
  globalThis.PRISMA_WASM_PANIC_REGISTRY = {
    set_message: (message) => process.stderr.write(`schema engine: ${message}\n`),
  };
  const folder = path.dirname(createRequire(import.meta.url).resolve(GLUE));
  const glue = await import(GLUE);
  const binary = readFileSync(path.join(folder, 'schema_engine_bg.wasm'));
  const { instance } = await WebAssembly.instantiate(binary, { './schema_engine_bg.js': glue });
  glue.__wbg_set_wasm(instance.exports);
  instance.exports.__wbindgen_start();
  return glue.SchemaEngine;
}
