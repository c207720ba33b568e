import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
export const nodeModules = path.join(root, 'node_modules');
/** Below node_modules: a fresh installation forgets what was generated and built with the old one. */
export const stampDir = path.join(nodeModules, '.nightshift');
export const stateDir = path.resolve(root, process.env.STATE_DIR || '.nightshift');
