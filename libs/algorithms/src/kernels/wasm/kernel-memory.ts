import { AlgorithmRangeError } from '../../errors.js';

const PAGE_BYTES = 65536;
/** Every array starts at a multiple of a cache line, so two threads never write to the same one. */
const ALIGNMENT = 64;
/** What 32-bit WebAssembly can address. */
const KERNEL_MEMORY_LIMIT_BYTES = 2 ** 32;

/** Sums of the sizes of arrays as `KernelMemory` lays them out. */
export function alignedBytes(bytes: number): number {
  return Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;
}

/** Scratch space for each thread that may run a kernel at the same time; sent along with a task. */
export interface ScratchSlots {
  readonly memory: WebAssembly.Memory;
  /** One cell for each slot, 1 = in use. */
  readonly inUse: Int32Array;
  /** Byte offset of the first slot. */
  readonly offset: number;
  readonly bytesPerSlot: number;
}

/**
 * The one owner of the layout of a WebAssembly memory: hands out typed arrays that kernels and threads can see, one after
 * the other. All is zero at first; nothing is given back but the whole, when the last view of it is gone.
 */
export class KernelMemory {
  readonly memory: WebAssembly.Memory;
  private used = 0;

  /**
   * @param bytes sum of `alignedBytes` of all arrays that will be asked for
   * @throws AlgorithmRangeError MEMORY_EXCEEDED above 4 GiB, or when the process gets no more from the machine
   */
  constructor(bytes: number) {
    if (!(bytes <= KERNEL_MEMORY_LIMIT_BYTES))
      throw exceeded(`${bytes} bytes are needed, the limit is ${KERNEL_MEMORY_LIMIT_BYTES}`);
    this.memory = allocate(Math.max(1, Math.ceil(bytes / PAGE_BYTES)));
  }

  /** Forgets all arrays: what is asked for next starts at the beginning again, with whatever lies there. */
  clear(): void {
    this.used = 0;
  }

  float32(length: number): Float32Array<SharedArrayBuffer> {
    return new Float32Array(this.buffer, this.take(4 * length), length);
  }

  float64(length: number): Float64Array<SharedArrayBuffer> {
    return new Float64Array(this.buffer, this.take(8 * length), length);
  }

  int32(length: number): Int32Array<SharedArrayBuffer> {
    return new Int32Array(this.buffer, this.take(4 * length), length);
  }

  uint8(length: number): Uint8Array<SharedArrayBuffer> {
    return new Uint8Array(this.buffer, this.take(length), length);
  }

  /** A copy of the array where kernels can see it. */
  copyOf<T extends Float32Array | Int32Array | Uint8Array>(source: T): T {
    const copy =
      source instanceof Float32Array
        ? this.float32(source.length)
        : source instanceof Int32Array
          ? this.int32(source.length)
          : this.uint8(source.length);
    copy.set(source);
    return copy as unknown as T;
  }

  /** @param slots how many threads may run kernels on this memory at once */
  scratch(slots: number, bytesPerSlot: number): ScratchSlots {
    const inUse = this.int32(slots);
    const bytes = alignedBytes(bytesPerSlot);
    return { memory: this.memory, inUse, offset: this.take(slots * bytes), bytesPerSlot: bytes };
  }

  private get buffer(): SharedArrayBuffer {
    return this.memory.buffer;
  }

  private take(bytes: number): number {
    const offset = this.used;
    this.used += alignedBytes(bytes);
    if (this.used > this.buffer.byteLength) {
      throw new RangeError(`the kernel memory of ${this.buffer.byteLength} bytes is too small: ${this.used}`);
    }
    return offset;
  }
}

function allocate(pages: number): WebAssembly.Memory {
  try {
    return new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw exceeded(`${pages * PAGE_BYTES} bytes are needed, and the machine does not give them`);
  }
}

function exceeded(message: string): AlgorithmRangeError {
  return new AlgorithmRangeError('MEMORY_EXCEEDED', 'memory', message);
}

/** Runs `use` with the byte offset of a scratch slot that no other thread has meanwhile. */
export function withScratch<T>({ inUse, offset, bytesPerSlot }: ScratchSlots, use: (at: number) => T): T {
  for (;;) {
    for (let slot = 0; slot < inUse.length; slot++) {
      if (Atomics.compareExchange(inUse, slot, 0, 1) !== 0) continue;
      try {
        return use(offset + slot * bytesPerSlot);
      } finally {
        Atomics.store(inUse, slot, 0);
        Atomics.notify(inUse, 0);
      }
    }
    // More threads than slots: wait for one to be given back (a millisecond at most, in case that was just now).
    Atomics.wait(inUse, 0, 1, 1);
  }
}
