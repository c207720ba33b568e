import http from 'node:http';
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { askOver, type Ask, type Question } from './ask.ts';

/** B may wait this many times as long as beside A's ordinary requests, as many at a time; below the floor nobody notices. */
export const MOST_SLOWED = 3;
const UNNOTICED_MS = 100;
/** Whatever the machine was doing: what is really there is there each time. */
const TRIES = 3;
const SENDERS = 8;

export interface Slowing {
  readonly flood: string;
  readonly program: string;
  /** How long B waits (95th percentile): alone, beside A's ordinary requests, and beside the flood. */
  readonly quietP95Ms: number;
  readonly ordinaryP95Ms: number;
  readonly floodedP95Ms: number;
  readonly tries: number;
  readonly sent: number;
  /** Answers by status. */
  readonly answers: Readonly<Record<string, number>>;
  /** How often B was not answered with 200. */
  readonly refusals: number;
  readonly isSlowed: boolean;
}

export interface Flooded {
  readonly address: string;
  /** What B asks meanwhile. */
  readonly ofB: Question;
  /** What A may well ask all day. */
  readonly ordinary: (i: number) => Question;
  readonly floodMs?: number;
}

export type Flood = (until: number) => Promise<{ sent: number; answers: Record<string, number> }>;

/** B beside nothing, beside A's ordinary requests, beside the flood: again if it seems slow, and slow is what is slow every time. */
export async function measureSlowing(
  name: { readonly flood: string; readonly program: string },
  { address, ofB, ordinary, floodMs = 3_000 }: Flooded,
  flood: Flood,
): Promise<Slowing> {
  const asB = askOver(address, new http.Agent({ keepAlive: true, maxSockets: 1 }));
  const beside = async (work: Promise<unknown>) =>
    watch(
      asB,
      ofB,
      work.then(() => undefined),
    );
  for (let tries = 1; ; tries++) {
    const quiet = await beside(sleep(floodMs / 3));
    const calm = await beside(flooder(address, ordinary)(performance.now() + floodMs / 2));
    const attack = flood(performance.now() + floodMs);
    const flooded = await beside(attack);
    const { sent, answers } = await attack;
    const limit = Math.max(UNNOTICED_MS, MOST_SLOWED * Math.max(quiet.p95Ms, calm.p95Ms));
    const isSlowed = flooded.p95Ms > limit;
    const refusals = quiet.refusals + flooded.refusals;
    if ((!isSlowed && refusals === 0) || tries === TRIES)
      return {
        ...{ ...name, quietP95Ms: quiet.p95Ms, ordinaryP95Ms: calm.p95Ms, floodedP95Ms: flooded.p95Ms },
        ...{ tries, sent, answers, refusals, isSlowed },
      };
    await sleep(1_000);
  }
}

/** As fast as it is answered, on several connections. */
export function flooder(address: string, question: (i: number) => Question): Flood {
  return async (until) => {
    const ask = askOver(address, new http.Agent({ keepAlive: true, maxSockets: SENDERS }));
    const answers: Record<string, number> = {};
    let sent = 0;
    const sender = async () => {
      while (performance.now() < until) {
        const status = await ask(question(sent++)).then(
          ({ status: of }) => String(of),
          () => 'cut off',
        );
        answers[status] = (answers[status] ?? 0) + 1;
      }
    };
    await Promise.all(Array.from({ length: SENDERS }, sender));
    return { sent, answers };
  };
}

async function watch(
  ask: Ask,
  question: Question,
  until: Promise<void>,
): Promise<{ p95Ms: number; refusals: number }> {
  const times: number[] = [];
  let refusals = 0;
  let isOver = false;
  void until.then(() => (isOver = true));
  while (!isOver) {
    const start = performance.now();
    const { status } = await ask(question);
    times.push(performance.now() - start);
    if (status !== 200) refusals++;
    await sleep(10);
  }
  times.sort((x, y) => x - y);
  return { p95Ms: Math.round((times[Math.floor(times.length * 0.95)] ?? NaN) * 100) / 100, refusals };
}
