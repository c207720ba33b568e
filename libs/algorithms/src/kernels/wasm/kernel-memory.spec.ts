import { alignedBytes, KernelMemory, withScratch } from './kernel-memory.js';

describe('KernelMemory', () => {
  it('lays arrays out one after the other, each on a cache line of its own', () => {
    const memory = new KernelMemory(1000);
    const a = memory.float32(3);
    const b = memory.copyOf(Int32Array.of(7, 8));
    const c = memory.uint8(1);
    expect([a.byteOffset, b.byteOffset, c.byteOffset]).toEqual([0, 64, 128]);
    expect([...a, ...b, ...c]).toEqual([0, 0, 0, 7, 8, 0]);
    expect(a.buffer).toBe(memory.memory.buffer);
    expect([0, 1, 64, 65].map(alignedBytes)).toEqual([0, 64, 64, 128]);
  });

  it('refuses more than was asked for at first, and more than 4 GiB', () => {
    const memory = new KernelMemory(65536);
    memory.float32(16384);
    expect(() => memory.uint8(1)).toThrow(/too small/);
    const message = 'memory: 4294967297 bytes are needed, the limit is 4294967296';
    expect(() => new KernelMemory(2 ** 32 + 1)).toThrow(
      expect.objectContaining({ name: 'AlgorithmRangeError', code: 'MEMORY_EXCEEDED', message }),
    );
  });

  it('gives each of two nested users a scratch slot of its own, and takes it back after an error', () => {
    const slots = new KernelMemory(1000).scratch(2, 100);
    const fail = () => {
      throw new Error('no');
    };
    expect(() => withScratch(slots, fail)).toThrow('no');
    const offsets = withScratch(slots, (first) => withScratch(slots, (second) => [first, second]));
    expect(offsets).toEqual([64, 192]);
    expect([...slots.inUse]).toEqual([0, 0]);
  });
});
