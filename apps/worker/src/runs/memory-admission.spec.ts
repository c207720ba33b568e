import { setImmediate as turn } from 'node:timers/promises';
import { MemoryAdmission } from './memory-admission.js';

/** Work that lasts until it is told to end. */
function heldWork(order: string[], name: string) {
  let end = () => {};
  const ended = new Promise<void>((resolve) => (end = resolve));
  return { end, work: () => (order.push(name), ended) };
}

describe('MemoryAdmission', () => {
  it('lets in what fits beside what is there, and the others in their turn', async () => {
    const admission = new MemoryAdmission(100);
    const order: string[] = [];
    const [a, b, c] = ['a', 'b', 'c'].map((name) => heldWork(order, name));
    const all = [
      admission.within(60, a.work),
      admission.within(60, b.work),
      // It would fit beside a, but b has waited for longer.
      admission.within(10, c.work),
    ];
    await turn();
    expect(order).toEqual(['a']);
    a.end();
    await turn();
    expect(order).toEqual(['a', 'b', 'c']);
    b.end();
    c.end();
    await Promise.all(all);
  });

  it('gives back what work that has failed had taken', async () => {
    const admission = new MemoryAdmission(100);
    await expect(admission.within(100, () => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
    await expect(admission.within(100, () => Promise.resolve('done'))).resolves.toBe('done');
  });

  it('lets in alone what never fits', async () => {
    const admission = new MemoryAdmission(100);
    const order: string[] = [];
    const [a, b] = ['a', 'b'].map((name) => heldWork(order, name));
    const all = [admission.within(1_000, a.work), admission.within(1, b.work)];
    await turn();
    expect(order).toEqual(['a']);
    expect([admission.fits(100), admission.fits(101)]).toEqual([true, false]);
    a.end();
    b.end();
    await Promise.all(all);
    expect(order).toEqual(['a', 'b']);
  });
});
