#!/usr/bin/env node
// The `nightshift` command of an installed package or a linked clone: the same as `npm run --silent nightshift --`.
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const bootstrap = path.join(path.dirname(fileURLToPath(import.meta.url)), 'bootstrap.mjs');
const { status } = spawnSync(process.execPath, [bootstrap, 'cli', ...process.argv.slice(2)], {
  stdio: 'inherit',
  // Of its own: an npm around this may have been called elsewhere.
  env: { ...process.env, INIT_CWD: process.cwd() },
});
process.exitCode = status ?? 1;
