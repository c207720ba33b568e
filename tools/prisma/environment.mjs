import path from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');

export const PRISMA_CLI = path.join(ROOT, 'node_modules/prisma/build/index.js');

// What Prisma's CLI needs to work without a download: our engine, and the running Node first on PATH, because the
// engine's `#!/usr/bin/env node` line must not find an older one.
export function prismaEnvironment(env) {
  return {
    ...env,
    PATH: [path.dirname(process.execPath), env.PATH].filter(Boolean).join(path.delimiter),
    PRISMA_SCHEMA_ENGINE_BINARY: path.join(ROOT, 'tools/schema-engine.mjs'),
    PRISMA_HIDE_UPDATE_MESSAGE: '1',
    CHECKPOINT_DISABLE: '1', // Prisma's telemetry
    SCARF_ANALYTICS: 'false',
  };
}
