#!/usr/bin/env node
// `node tools/bootstrap.mjs <command> [arguments]`: from a clean clone to a running command.
//
// Runs on Node 20 without a single dependency; everything after the installation runs on the Node 24 that npm installs.
// Each step is skipped when its inputs are those of last time, so that a command starts in milliseconds on a prepared
// tree. All messages go to stderr: stdout belongs to the command.
import process from 'node:process';
import { install, installedNode } from './bootstrap/install.mjs';
import { withLock } from './bootstrap/lock.mjs';
import { enterProject, runCommand, say } from './bootstrap/run.mjs';
import { readStartOptions } from './bootstrap/start-options.mjs';
import { buildSteps } from './bootstrap/steps.mjs';

const OLDEST_NODE = 20;

// What runs under Node 24 once the tree is prepared. `build` is preparation alone.
const COMMANDS = {
  start: (args) => ['tools/launcher/main.ts', ...args],
  test: (args) => ['tools/check.mjs', ...args],
  cli: (args) => ['tools/nightshift-command.ts', ...args],
  prisma: (args) => ['tools/prisma.mjs', ...args],
  // `run <script> [arguments]`: benchmarks and other programs of the project.
  run: (args) => args,
  build: () => undefined,
};

function usage() {
  say(`usage: node tools/bootstrap.mjs <${Object.keys(COMMANDS).join('|')}> [arguments]`);
  return 2;
}

async function main() {
  const [name = 'start', ...args] = process.argv.slice(2);
  if (Number(process.versions.node.split('.')[0]) < OLDEST_NODE) {
    say(`Nightshift needs Node ${OLDEST_NODE} or later to start; this is ${process.version}.`);
    return 1;
  }
  if (!Object.hasOwn(COMMANDS, name) || (name === 'run' && args.length === 0)) return usage();
  if (name === 'start') {
    const { message, exitCode } = readStartOptions(args);
    if (exitCode === 0) process.stdout.write(`${message}\n`);
    else if (message) say(message);
    if (message) return exitCode;
  }
  enterProject();

  const steps = buildSteps();
  let node = installedNode();
  // The lock is taken only when there is something to do: two commands on a prepared tree never wait for each other.
  if (!node || name === 'build' || steps.some((step) => step.isNeeded())) {
    await withLock(async () => {
      node = installedNode() ?? (await install());
      for (const step of steps) {
        // Asked again: whoever held the lock before may have done it. `build` means "now", whatever the stamps say.
        if (name === 'build' || step.isNeeded()) await step.run(node);
      }
    });
  }
  const command = COMMANDS[name](args);
  return command ? runCommand(node, command, { ipc: name === 'start' }) : 0;
}

try {
  process.exitCode = await main();
} catch (error) {
  say(error.output ? `${error.message}\n${error.output}` : error.message);
  process.exitCode = 1;
}
