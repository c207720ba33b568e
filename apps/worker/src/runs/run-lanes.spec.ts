import { setImmediate as turn } from 'node:timers/promises';
import { NotEnoughMemoryError, type TenantSize } from '#libs/domain';
import type { ExecutionResult } from './run-execution.js';
import { RunLanes } from './run-lanes.js';
import type { RunTask } from './run-thread.js';
import type { RunThreads } from './run-threads.js';

const SMALL: TenantSize = { interactions: 5_000, customers: 500, products: 150 };
const LARGE: TenantSize = { interactions: 3_000_000, customers: 100_000, products: 4_000 };
const DONE: ExecutionResult = { ended: 'promoted', message: '' };
const GIBIBYTE = 2 ** 30;

/** Tenants below 100 are small; a run of the large lane lasts until it is let go. */
function lanesUnderTest(dataMemoryBytes = 64 * GIBIBYTE) {
  const places: string[] = [];
  let letGo = () => {};
  const held = new Promise<void>((resolve) => (letGo = resolve));
  const small = {
    execute: ({ runId, tooLarge }: RunTask) => {
      places.push(`shared ${runId}${tooLarge ? ' too large' : ''}`);
      if (tooLarge) throw NotEnoughMemoryError.toHold(tooLarge.neededBytes, tooLarge.limitBytes);
      return Promise.resolve(DONE);
    },
  } as unknown as RunThreads;
  const large = {
    execute: async ({ runId }: RunTask) => {
      places.push(`own ${runId}`);
      await held;
      return DONE;
    },
  } as unknown as RunThreads;
  const sizes = { sizeOf: (tenantId: number) => Promise.resolve(tenantId < 100 ? SMALL : LARGE) };
  return { lanes: new RunLanes(sizes, small, large, dataMemoryBytes), places, letGo };
}

describe('RunLanes', () => {
  it('offers a second large run again later, and lets small ones pass meanwhile', async () => {
    const { lanes, places, letGo } = lanesUnderTest();
    const first = lanes.execute(100, 'large-1');
    await turn();
    expect(await lanes.execute(101, 'large-2')).toBeUndefined();
    expect(await lanes.execute(1, 'small')).toEqual(DONE);
    letGo();
    expect(await first).toEqual(DONE);
    expect(await lanes.execute(101, 'large-2')).toEqual(DONE);
    expect(places).toEqual(['own large-1', 'shared small', 'own large-2']);
  });

  it('refuses data that never fits, in the run itself and with a code', async () => {
    const { lanes, places } = lanesUnderTest(GIBIBYTE / 2);
    await expect(lanes.execute(100, 'large')).rejects.toMatchObject({
      code: 'notEnoughMemory',
      message: expect.stringMatching(
        /^The tenant's data may need [\d,]+ bytes .*; there are 536,870,912 bytes/,
      ),
    });
    expect(await lanes.execute(1, 'small')).toEqual(DONE);
    expect(places).toEqual(['shared large too large', 'shared small']);
  });
});
