#!/usr/bin/env node
// `node tools/prisma.mjs <arguments>`: Prisma's CLI, with the stand-in schema engine and nothing sent or downloaded.
import { spawn } from 'node:child_process';
import { prismaEnvironment, PRISMA_CLI } from './prisma/environment.mjs';

const child = spawn(process.execPath, [PRISMA_CLI, ...process.argv.slice(2)], {
  stdio: 'inherit',
  env: prismaEnvironment(process.env),
});
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
child.on('exit', (code, signal) => {
  process.exitCode = signal ? 1 : (code ?? 1);
});
