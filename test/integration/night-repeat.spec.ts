import { InlineExecutor, type Executor } from '#libs/algorithms';
import { createTestTenant, useTestNights } from '#libs/testing';
import { interactions, resume } from './grocer-nights.js';

/** Its blocks finish in the opposite order, and it says that it has other threads. */
class BackwardExecutor extends InlineExecutor {
  override readonly threads: number = 5;
  override map: Executor['map'] = async (task, inputs) =>
    (await super.map(task, [...inputs].reverse())).reverse();
}

const under = useTestNights(process.env);

it('goes on after the last finished stage', async () => {
  const paused = await createTestTenant(under.database);
  await under.nights.load(paused, interactions);
  await expect(under.nights.run(paused, { mayGoOn: (done) => done < 4 })).rejects.toThrow('stopping');
  const stages: string[] = [];
  expect(await resume(under.database, under.nights, paused, stages)).toBe('promoted');
  expect(stages).toEqual(['evaluate', 'decide', 'rank', 'publish']);
});

it('makes the same bytes again, in whatever order the work is done', async () => {
  const hashes = [];
  for (const executor of [new InlineExecutor(), new BackwardExecutor()]) {
    const again = await createTestTenant(under.database);
    await under.nights.load(again, interactions);
    const { runId } = await under.nights.run(again, { executor });
    const stages = await under.nights.runs.stages(again.id, runId);
    const models = stages.find(({ stage }) => stage === 'train')?.output.models as Record<
      string,
      { sha256: string }
    >;
    hashes.push(Object.fromEntries(Object.entries(models).map(([name, { sha256 }]) => [name, sha256])));
  }
  expect(Object.keys(hashes[0])).toHaveLength(4);
  expect(hashes[1]).toEqual(hashes[0]);
});
