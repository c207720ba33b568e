// A disk of a few megabytes for the list store, so that it can be filled for real: a tmpfs, for which root is needed.
import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdirSync, rmSync, statfsSync } from 'node:fs';
import path from 'node:path';

const CHUNK_BYTES = 65_536;

export class SmallDisk {
  readonly folder: string;
  private readonly filler: string;
  private mounted = true;

  private constructor(folder: string) {
    this.folder = folder;
    this.filler = path.join(folder, 'filler');
  }

  /** @throws Error when it cannot be mounted */
  static mount(folder: string, megabytes: number): SmallDisk {
    mkdirSync(folder, { recursive: true });
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m,mode=0750`, 'nightshift-proof', folder]);
    return new SmallDisk(folder);
  }

  get freeBytes(): number {
    const { bavail, bsize } = statfsSync(this.folder);
    return bavail * bsize;
  }

  /** Takes every byte that is left; to be called again while others give some back. */
  fill(): void {
    for (let length = CHUNK_BYTES; length >= 1;) {
      try {
        appendFileSync(this.filler, Buffer.alloc(length));
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
        length = Math.floor(length / 16);
      }
    }
  }

  empty(): void {
    rmSync(this.filler, { force: true });
  }

  unmount(): void {
    if (this.mounted) execFileSync('umount', ['-l', this.folder]);
    this.mounted = false;
  }
}
