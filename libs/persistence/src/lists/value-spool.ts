import { closeSync, openSync, readSync, writeSync } from 'node:fs';

const BLOCK_BYTES = 1 << 20;
const BLOCKS_IN_MEMORY = 64;

/**
 * Values in the order in which they come, to be read back in the order of their keys. Small tenants stay in memory; beyond
 * 64 MiB the blocks go to a scratch file, so that a million customers do not need a gigabyte of heap.
 */
export class ValueSpool {
  private readonly blocks: (Buffer | undefined)[] = [];
  private fill = BLOCK_BYTES;
  private spilledBlocks = 0;
  private file: number | undefined;

  constructor(private readonly scratchPath: string) {}

  /** Returns where the value starts. */
  append(value: Buffer): number {
    if (value.length > BLOCK_BYTES)
      throw new RangeError(`A value of ${value.length} bytes does not fit a block.`);
    if (this.fill + value.length > BLOCK_BYTES) this.startBlock();
    const block = this.blocks.length - 1;
    value.copy(this.blocks[block]!, this.fill);
    const offset = block * BLOCK_BYTES + this.fill;
    this.fill += value.length;
    return offset;
  }

  read(offset: number, length: number): Buffer {
    const block = this.blocks[Math.floor(offset / BLOCK_BYTES)];
    const within = offset % BLOCK_BYTES;
    if (block !== undefined) return block.subarray(within, within + length);
    const value = Buffer.allocUnsafe(length);
    const read = readSync(this.file!, value, 0, length, offset);
    if (read !== length) throw new Error(`${this.scratchPath} ends early.`);
    return value;
  }

  close(): void {
    if (this.file !== undefined) closeSync(this.file);
    this.file = undefined;
    this.blocks.length = 0;
  }

  private startBlock(): void {
    if (this.blocks.length - this.spilledBlocks >= BLOCKS_IN_MEMORY) this.spill();
    this.blocks.push(Buffer.alloc(BLOCK_BYTES));
    this.fill = 0;
  }

  private spill(): void {
    this.file ??= openSync(this.scratchPath, 'wx+', 0o600);
    for (; this.spilledBlocks < this.blocks.length; this.spilledBlocks++) {
      const block = this.blocks[this.spilledBlocks]!;
      const written = writeSync(this.file, block, 0, BLOCK_BYTES, this.spilledBlocks * BLOCK_BYTES);
      if (written !== BLOCK_BYTES) throw new Error(`${this.scratchPath} could not be written in full.`);
      this.blocks[this.spilledBlocks] = undefined;
    }
  }
}
