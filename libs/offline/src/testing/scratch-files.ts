import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import type { DataFile } from '../files/data-file.js';

/** A folder for the files of a spec. */
export class ScratchFiles {
  private readonly folder = mkdtempSync(path.join(tmpdir(), 'nightshift-offline-'));

  write(name: string, content: string | Uint8Array): DataFile {
    const file = path.join(this.folder, name);
    writeFileSync(file, name.endsWith('.gz') ? gzipSync(content) : content);
    return { name, path: file };
  }

  missing(name: string): DataFile {
    return { name, path: path.join(this.folder, name) };
  }

  remove(): void {
    rmSync(this.folder, { recursive: true });
  }
}
