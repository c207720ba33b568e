import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { root } from './paths.mjs';

const PARENT_CHECK_MS = 1_000;

export function say(message) {
  process.stderr.write(`${message}\n`);
}

/** npm has left the folder where the command was typed and says which it was; without npm, it is the present one. */
export function enterProject() {
  process.env.INIT_CWD ??= process.cwd();
  process.chdir(root);
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

// The npm that started us, seen through the shell it uses in between; undefined when it was not npm, or cannot be told.
function findNpm() {
  if (!process.env.npm_lifecycle_event) return undefined;
  try {
    let pid = process.ppid;
    for (let level = 0; level < 3 && pid > 1; level++) {
      const name = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
      if (/(^|[/ ])npm(-cli\.js)?( |$)/.test(name)) return pid;
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
      pid = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
    }
  } catch {
    // No /proc: not Linux.
  }
  return undefined;
}

// npm may be killed hard, and then nobody tells us. Not done for a shell: who starts this from one may well close it and
// want it to go on.
function watchForLostNpm(onLost) {
  const npm = findNpm();
  if (npm === undefined) return;
  setInterval(() => {
    try {
      process.kill(npm, 0);
    } catch {
      onLost();
    }
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
