import type { Executor } from './executor.js';
import { mapInSlices } from './map-in-slices.js';
import type { TaskInput, TaskName, TaskOutput } from './tasks.js';

/** Notes how many tasks come at once. */
class CountingExecutor implements Executor {
  readonly threads = 2;
  readonly counts: number[] = [];

  map<N extends TaskName>(_task: N, inputs: readonly TaskInput<N>[]): Promise<TaskOutput<N>[]> {
    this.counts.push(inputs.length);
    return Promise.resolve([]);
  }
}

describe('mapInSlices', () => {
  it.each([
    [0, [], []],
    [1, [1], [1]],
    [12, [2, 2, 2, 2, 2, 2], [1 / 6, 1 / 3, 1 / 2, 2 / 3, 5 / 6, 1]],
    [25, [3, 3, 3, 3, 3, 3, 3, 3, 1], [3, 6, 9, 12, 15, 18, 21, 24, 25].map((done) => done / 25)],
  ])('runs %i tasks, every one once, and tells how far it is', async (tasks, counts, shares) => {
    const executor = new CountingExecutor();
    const told: number[] = [];
    const inputs = new Array<TaskInput<'gram-rows'>>(tasks);
    await mapInSlices(executor, 'gram-rows', inputs, (share) => told.push(share));
    expect(executor.counts).toEqual(counts);
    expect(told).toEqual(shares);
  });
});
