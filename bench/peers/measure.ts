import { say } from './say.ts';

/** What a piece of work took. */
export interface Seconds {
  /** Of the whole process, all of its threads. */
  readonly cpu: number;
  readonly wall: number;
}

export interface Row {
  readonly name: string;
  readonly ours: number;
  readonly peer: number;
  readonly peerVersion: string;
  readonly unit: string;
  /** Above 1: ours is better. */
  readonly ratio: number;
  /** What the ratio has to reach; null: only reported. */
  readonly bar: number | null;
  readonly ok: boolean;
}

/** CPU time for one thread, wall time for more. */
export function timeUnit(threads: number): { readonly of: keyof Seconds; readonly unit: string } {
  return threads === 1 ? { of: 'cpu', unit: 's CPU' } : { of: 'wall', unit: 's' };
}

export async function measure(work: () => Promise<unknown>): Promise<Seconds> {
  const cpu = process.cpuUsage();
  const wall = performance.now();
  await work();
  const { user, system } = process.cpuUsage(cpu);
  return { cpu: (user + system) / 1e6, wall: (performance.now() - wall) / 1e3 };
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

export interface Rounds {
  readonly rounds: number;
  readonly threads: number;
  /** Whether an untimed round goes first (default); not where both sides have run before, or one round says little. */
  readonly warmsUp?: boolean;
}

/** Medians over the rounds of each side's time. The sides take turns within a round, every other round in reverse. */
export async function alternate<Side extends string>(
  label: string,
  sides: Record<Side, () => Promise<Seconds>>,
  { rounds, threads, warmsUp = true }: Rounds,
): Promise<Record<Side, number>> {
  const { of, unit } = timeUnit(threads);
  const names = Object.keys(sides) as Side[];
  const times = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<Side, number[]>;
  for (let round = warmsUp ? 0 : 1; round <= rounds; round++) {
    for (const name of round % 2 === 0 ? names : names.toReversed()) {
      const seconds = await sides[name]();
      if (round > 0) times[name].push(seconds[of]);
    }
  }
  const medians = Object.fromEntries(names.map((name) => [name, median(times[name])]));
  for (const name of names) {
    const spread = times[name].map((value) => value.toFixed(3)).join(' ');
    say(`${label}: ${name} ${medians[name].toFixed(3)} ${unit} (${spread})`);
  }
  return medians as Record<Side, number>;
}

/** @param better whether less or more is better */
export function rowOf(row: Omit<Row, 'ratio' | 'ok'>, better: 'less' | 'more' = 'less', isFair = true): Row {
  const ratio = better === 'less' ? row.peer / row.ours : row.ours / row.peer;
  const round = (value: number) => Number(value.toPrecision(4));
  const { name, ours, peer, peerVersion, unit, bar } = row;
  const ok = isFair && (bar === null || ratio >= bar);
  return { name, ours: round(ours), peer: round(peer), peerVersion, unit, ratio: round(ratio), bar, ok };
}
