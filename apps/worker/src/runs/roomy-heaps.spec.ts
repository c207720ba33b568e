import { execFileSync } from 'node:child_process';

const GIB = 2 ** 30;

/** Full collections of a process in which 300 MB of typed arrays come and stay, a million objects alive beside them. */
function collectionsWith(memoryBytes: number): number {
  const program = `
    import { constants, PerformanceObserver } from 'node:perf_hooks';
    import { useRoomyHeaps } from ${JSON.stringify(new URL('./roomy-heaps.ts', import.meta.url).href)};
    useRoomyHeaps(${memoryBytes});
    const alive = Array.from({ length: 1_000_000 }, (_, i) => ({ i }));
    globalThis.gc();
    let count = 0;
    new PerformanceObserver((list) => {
      for (const { detail } of list.getEntries()) if (detail.kind === constants.NODE_PERFORMANCE_GC_MAJOR) count++;
    }).observe({ entryTypes: ['gc'] });
    const arrays = [];
    for (let i = 0; i < 300; i++) {
      arrays.push(new Uint8Array(2 ** 20));
      if (i % 10 === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    }
    await new Promise((resolve) => setTimeout(resolve, 200));
    console.log(count, alive.length + arrays.length);`;
  const run = ['--expose-gc', '--disable-warning=ExperimentalWarning', '--input-type=module', '-e', program];
  return Number(execFileSync(process.execPath, run, { encoding: 'utf8' }).split(' ')[0]);
}

test('with much memory typed arrays bring fewer full collections, with little as many as ever', () => {
  const thrifty = collectionsWith(4 * GIB);
  expect(thrifty).toBeGreaterThan(1);
  expect(collectionsWith(8 * GIB)).toBeLessThan(thrifty);
});
