// Speed and accuracy against the Python library implicit and NumPy, both sides in one run.
// npm run bench:peers -- --data <folder> [--only <name>] [--rounds 5] [--variant strict] [--python python3]
// <folder> holds ml-1m-ncf; the peers come from PyPI (requirements.txt). Prints one JSON object as its last line.
import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { NCF_FOLDER } from './peers/data-sets.ts';
import { compareEaseInverse } from './peers/ease-inverse.ts';
import { compareIalsSweep } from './peers/ials-sweep.ts';
import { compareIalsToLoss } from './peers/ials-to-loss.ts';
import { compareItemCfFit } from './peers/item-cf-fit.ts';
import type { Row } from './peers/measure.ts';
import { compareNcfAccuracy } from './peers/ncf-accuracy.ts';
import { PythonMissing, preparePeers } from './peers/peer-environment.ts';
import { say } from './peers/say.ts';
import { Session } from './peers/session.ts';
import { compareTopK } from './peers/top-k.ts';

type Compare = (name: string, session: Session) => Promise<Row[]>;

const COMPARISONS: Record<string, Compare> = {
  'ials-sweep-ml1m-d64': (name, session) => compareIalsSweep(name, 'ml1m', session),
  'ials-to-loss-d128': (name, session) => compareIalsToLoss(name, { factors: 128, bar: 2 }, session),
  'ials-to-loss-d64': (name, session) => compareIalsToLoss(name, { factors: 64, bar: 3.5 }, session),
  'ncf-accuracy-at-time': compareNcfAccuracy,
  'topk-10-ml1m': (name, session) => compareTopK(name, 'ml1m', session),
  'topk-10-27k': (name, session) => compareTopK(name, '27k', session),
  'item-cf-fit-ml1m': compareItemCfFit,
  'ease-inverse-3706': compareEaseInverse,
  'ials-sweep-10m-d64': (name, session) => compareIalsSweep(name, '10m', session),
};

const USAGE =
  'usage: npm run bench:peers -- --data <folder> [--only <name>] [--rounds 5] [--variant strict|relaxed] [--python python3]';

function readOptions() {
  const { values } = parseArgs({
    options: {
      data: { type: 'string' },
      only: { type: 'string', default: '' },
      rounds: { type: 'string', default: '5' },
      variant: { type: 'string', default: 'strict' },
      python: { type: 'string', default: 'python3' },
    },
  });
  const { data, only, variant, python } = values;
  const rounds = Number(values.rounds);
  const names = Object.keys(COMPARISONS).filter((name) => name.startsWith(only));
  if (data === undefined || !(rounds >= 1) || names.length === 0) return undefined;
  if (variant !== 'strict' && variant !== 'relaxed') return undefined;
  const dataFolder = path.resolve(process.env.INIT_CWD ?? '', data);
  return { dataFolder, names, rounds, variant: variant as 'strict' | 'relaxed', python };
}

async function compareAll(names: readonly string[], session: Session): Promise<Row[]> {
  const rows: Row[] = [];
  await session.start();
  say(`${session.rounds} rounds, ${session.variant} kernels, ${session.versionOf('implicit')}`);
  for (const name of names) {
    for (const row of await COMPARISONS[name](name, session)) {
      say(
        `${row.ok ? '✔' : '✘'} ${row.name}: ${row.ratio} (${row.bar === null ? 'no bar' : `bar ${row.bar}`})`,
      );
      rows.push(row);
    }
  }
  return rows;
}

async function main(): Promise<number> {
  const options = readOptions();
  if (options === undefined) {
    say(`${USAGE}\nnames: ${Object.keys(COMPARISONS).join(', ')} (or how they begin)`);
    return 2;
  }
  if (!existsSync(path.join(options.dataFolder, NCF_FOLDER))) {
    say(`there is no ${NCF_FOLDER} in ${options.dataFolder}`);
    return 2;
  }
  const session = new Session({ ...options, python: preparePeers(options.python) });
  try {
    const rows = await compareAll(options.names, session);
    const ok = rows.every((row) => row.ok);
    const machine = {
      date: new Date().toISOString(),
      node: process.version,
      cpus: availableParallelism(),
    };
    process.stdout.write(`${JSON.stringify({ bench: 'peers', ...machine, rows, ok })}\n`);
    return ok ? 0 : 1;
  } finally {
    await session.close();
  }
}

try {
  process.exitCode = await main();
} catch (error) {
  if (!(error instanceof PythonMissing)) throw error;
  say(error.message);
  process.exitCode = 2;
}
