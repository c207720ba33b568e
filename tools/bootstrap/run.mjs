import { spawn } from 'node:child_process';
import path from 'node:path';
import { root } from './paths.mjs';

const PARENT_CHECK_MS = 1_000;

export function say(message) {
  process.stderr.write(`${message}\n`);
}

/** Runs something and keeps what it says to itself, unless it fails: then the error carries all of it. */
export function runQuietly(file, args, env) {
  return new Promise((resolve, reject) => {
    let output = '';
    const child = spawn(file, args, { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
    child.on('error', reject);
    child.on('close', (code, signal) => {
      if (code === 0) return resolve(output);
      const failure = new Error(`"${path.basename(file)} ${args.join(' ')}" failed (${signal ?? code})`);
      reject(Object.assign(failure, { output }));
    });
  });
}

/** One line per step that had something to do, with its time. */
export async function timed(label, work) {
  const start = performance.now();
  try {
    const result = await work();
    say(`✔ ${label} (${((performance.now() - start) / 1000).toFixed(1)} s)`);
    return result;
  } catch (error) {
    say(`✘ ${label}`);
    throw error;
  }
}

/** The environment in which `node` and every tool of node_modules/.bin are the installed ones. */
export function toolEnvironment(node, env = process.env) {
  const searchPath = [path.dirname(node), path.join(root, 'node_modules/.bin'), env.PATH];
  return { ...env, PATH: searchPath.filter(Boolean).join(path.delimiter), SCARF_ANALYTICS: 'false' };
}

// npm may be killed hard, and then nobody tells us. Under npm our parent is npm (or its shell), so a new parent means
// that it is gone. Not done otherwise: who starts this from a shell may well close the shell and want it to go on.
function watchForLostNpm(onLost) {
  const parent = process.ppid;
  if (!process.env.npm_lifecycle_event || parent === 1) return;
  setInterval(() => {
    if (process.ppid !== parent) onLost();
  }, PARENT_CHECK_MS).unref();
}

/**
 * Runs the command in the foreground and answers its exit code. A Ctrl-C reaches the whole foreground group, so the child
 * may hear of it twice (from the terminal and from us); what runs long allows for that.
 * With `ipc`, the child learns of our own death, however hard, when the channel closes.
 */
export function runCommand(node, args, { ipc = false } = {}) {
  return new Promise((resolve, reject) => {
    const stdio = ipc ? ['inherit', 'inherit', 'inherit', 'ipc'] : 'inherit';
    const child = spawn(node, args, { cwd: root, stdio, env: toolEnvironment(node) });
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
    watchForLostNpm(() => child.kill('SIGTERM'));
    child.on('error', reject);
    child.on('exit', (code, signal) => resolve(signal ? 128 + (signal === 'SIGINT' ? 2 : 15) : code));
  });
}
