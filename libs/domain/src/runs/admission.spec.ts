import { chooseRuns, TURN_WITHIN, type Admission, type WaitingRun } from './admission.js';
import type { RunKind } from './run.js';

const MINUTE_MS = 60_000;
const NOW = new Date('2026-11-21T03:00:00Z');
const minutesAgo = (minutes: number) => new Date(NOW.getTime() - minutes * MINUTE_MS);

let lastId = 0;
const run = (tenantId: number, kind: RunKind, waitsMinutes = 60): WaitingRun => ({
  ...{ tenantId, kind, runId: `run-${++lastId}`, attempt: 0 },
  readyAt: minutesAgo(waitsMinutes),
});
const many = (kind: RunKind, count: number, firstTenant = 1) =>
  Array.from({ length: count }, (_, index) => run(firstTenant + index, kind));
const admitted = (...kinds: RunKind[]): Admission[] =>
  kinds.map((kind, index) => ({ kind, at: minutesAgo(index + 1) }));
const kindsOf = (runs: readonly WaitingRun[]) => runs.map(({ kind }) => kind);

describe('chooseRuns', () => {
  it('takes nightly before manual before triggered before backfill, each in the given order', () => {
    const waiting = [
      run(1, 'backfill'),
      run(2, 'triggered'),
      run(3, 'manual'),
      run(4, 'nightly'),
      run(5, 'nightly'),
    ];
    expect(chooseRuns(waiting, [], 4, NOW).map(({ tenantId }) => tenantId)).toEqual([4, 5, 3, 2]);
  });

  it('chooses no more than there are, and nothing without room', () => {
    expect(chooseRuns(many('nightly', 2), [], 9, NOW)).toHaveLength(2);
    expect(chooseRuns(many('nightly', 2), [], 0, NOW)).toEqual([]);
    expect(chooseRuns([], admitted('nightly'), 5, NOW)).toEqual([]);
  });

  it('gives a tenant one place, of its best kind', () => {
    const waiting = [run(1, 'backfill'), run(1, 'manual'), run(1, 'nightly'), run(2, 'backfill')];
    expect(chooseRuns(waiting, [], 4, NOW).map(({ tenantId, kind }) => [tenantId, kind])).toEqual([
      [1, 'nightly'],
      [2, 'backfill'],
    ]);
  });

  it('lets four nights go before a person who waits, and not five', () => {
    const waiting = [...many('nightly', 9), run(100, 'manual')];
    expect(kindsOf(chooseRuns(waiting, [], 6, NOW))).toEqual([
      ...Array<RunKind>(4).fill('nightly'),
      'manual',
      'nightly',
    ]);
    expect(
      kindsOf(chooseRuns(waiting, admitted('nightly', 'nightly', 'nightly', 'nightly'), 1, NOW)),
    ).toEqual(['manual']);
    expect(kindsOf(chooseRuns(waiting, admitted('nightly', 'nightly', 'nightly', 'manual'), 1, NOW))).toEqual(
      ['nightly'],
    );
  });

  it('does not count what was admitted before anybody of the kind waited', () => {
    const waiting = [...many('nightly', 2), run(100, 'manual', 2.5)];
    // Two of the four came after the request: one and two minutes ago.
    expect(
      kindsOf(chooseRuns(waiting, admitted('nightly', 'nightly', 'nightly', 'nightly'), 1, NOW)),
    ).toEqual(['nightly']);
  });

  it('starves no kind: in 200 admissions of a fleet where all kinds always wait, each has its share', () => {
    const waiting = (['nightly', 'manual', 'triggered', 'backfill'] as const).flatMap((kind, place) =>
      many(kind, 400, 1 + place * 1_000),
    );
    const chosen = kindsOf(chooseRuns(waiting, [], 200, NOW));
    for (const kind of ['manual', 'triggered', 'backfill'] as const) {
      const turns = chosen.flatMap((each, place) => (each === kind ? [place] : []));
      const gaps = turns.map((place, index) => place - (index === 0 ? -1 : turns[index - 1]));
      // Where two kinds are owed a turn at once, one waits a place longer.
      expect(Math.max(...gaps)).toBeLessThanOrEqual(TURN_WITHIN[kind] + 2);
    }
    expect(chosen.filter((kind) => kind === 'nightly').length).toBeGreaterThan(110);
  });
});
