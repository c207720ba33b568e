import { performance } from 'node:perf_hooks';
import type { Ask, Question } from './ask.ts';

export interface TimingResult {
  readonly name: string;
  readonly samples: number;
  readonly existingMedianMs: number;
  readonly inventedMedianMs: number;
  /** Chance that an answer about what exists takes longer than one about what does not: 0.5 is no difference. */
  readonly superiority: number;
  readonly isDistinguishable: boolean;
}

/**
 * Five standard errors of the Mann-Whitney statistic, and never less than this: far beyond chance, and far below what a
 * look into a table or a file adds.
 */
const SMALLEST_EFFECT = 0.06;
const STANDARD_ERRORS = 5;
export const WARM_UP = 20;

type Asked = Question | (() => Question);

/** What exists and what does not; a function where each question has to be another one. */
export interface Pair {
  readonly existing: Asked;
  readonly invented: Asked;
}

/** Asks in pairs, each pair in an order of chance: whatever slows the machine down meets both alike. */
export async function compareTimes(
  name: string,
  ask: Ask,
  { existing, invented }: Pair,
  samples: number,
  random: () => number,
): Promise<TimingResult> {
  const times: { readonly existing: number[]; readonly invented: number[] } = { existing: [], invented: [] };
  const measure = async (which: 'existing' | 'invented') => {
    const asked = which === 'existing' ? existing : invented;
    const question = typeof asked === 'function' ? asked() : asked;
    const start = performance.now();
    await ask(question);
    times[which].push(performance.now() - start);
  };
  for (let i = -WARM_UP; i < samples; i++) {
    const order = random() < 0.5 ? (['existing', 'invented'] as const) : (['invented', 'existing'] as const);
    for (const which of order) await measure(which);
    // The first ones warm up.
    if (i === -1) for (const list of Object.values(times)) list.length = 0;
  }
  const superiority = superiorityOf(times.existing, times.invented);
  const effect = Math.max(SMALLEST_EFFECT, STANDARD_ERRORS * Math.sqrt(1 / (6 * samples)));
  return {
    ...{ name, samples },
    existingMedianMs: medianOf(times.existing),
    inventedMedianMs: medianOf(times.invented),
    superiority: Math.round(superiority * 1000) / 1000,
    isDistinguishable: Math.abs(superiority - 0.5) > effect,
  };
}

/** Mann and Whitney's U over the number of pairs: O(n log n) by ranks, ties count half. */
export function superiorityOf(one: readonly number[], other: readonly number[]): number {
  const all = [
    ...one.map((value) => ({ value, isOne: true })),
    ...other.map((value) => ({ value, isOne: false })),
  ];
  all.sort((x, y) => x.value - y.value);
  let ranks = 0;
  for (let start = 0; start < all.length;) {
    let end = start;
    while (end < all.length && all[end].value === all[start].value) end++;
    const rank = (start + end + 1) / 2;
    for (let i = start; i < end; i++) if (all[i].isOne) ranks += rank;
    start = end;
  }
  return (ranks - (one.length * (one.length + 1)) / 2) / (one.length * other.length);
}

function medianOf(values: readonly number[]): number {
  const sorted = [...values].sort((x, y) => x - y);
  return Math.round((sorted[Math.floor(sorted.length / 2)] ?? NaN) * 1000) / 1000;
}
