import { createHash } from 'node:crypto';
import type { SimulatedInteraction } from '../simulated-schema.js';
import { simulateWorld, type SimulationOptions, type World } from '../simulate-world.js';
import type { WorldProfile } from '../world-profile.js';

export const UNTIL = new Date('2026-11-21T00:00:00Z');

/** A tenth of a shipped world, small enough for a test and large enough for its habits. */
export function smallWorld(profile: WorldProfile, options: Partial<SimulationOptions> = {}): World {
  return simulateWorld(profile, { seed: 1, untilDate: UNTIL, scale: 0.1, ...options });
}

export function purchasesOf(world: World): SimulatedInteraction[] {
  return Array.from(world.interactions()).filter((event) => event.type === 'purchase');
}

export function hashWorld(world: World): string {
  const hash = createHash('sha256');
  for (const rows of [
    world.customers(),
    world.products(),
    world.offers(),
    world.promotions(),
    world.interactions(),
  ]) {
    for (const row of rows) hash.update(JSON.stringify(row)).update('\n');
  }
  return hash.digest('hex');
}

export function groupBy<T>(rows: Iterable<T>, keyOf: (row: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const row of rows) {
    const group = groups.get(keyOf(row));
    if (group === undefined) groups.set(keyOf(row), [row]);
    else group.push(row);
  }
  return groups;
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)]!;
}

export function deviation(values: readonly number[]): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
}
