import { randomUUID } from 'node:crypto';
import { readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createFolder, syncDirectory } from '../lists/sync-directory.js';

const OWNER_FILE = 'owner.json';
const SEGMENT = /^\d{8}\.journal$/;
/** A living owner touches its file several times within this; one that does not is gone, whoever has its process id now. */
const SILENT_MS = 60_000;

/** Folders of this process: their owner lives as long as they are in here. */
const ownFolders = new Set<string>();

/** One folder for each writer, so that nobody appends to, or removes, a file that somebody else still writes. */
export class JournalFolder {
  private constructor(
    readonly root: string,
    readonly path: string,
  ) {}

  static async create(root: string): Promise<JournalFolder> {
    const path = join(root, randomUUID());
    await createFolder(path);
    await writeFile(join(path, OWNER_FILE), JSON.stringify({ pid: process.pid }), { mode: 0o640 });
    await syncDirectory(path);
    ownFolders.add(path);
    return new JournalFolder(root, path);
  }

  segmentPath(index: number): string {
    return join(this.path, `${String(index).padStart(8, '0')}.journal`);
  }

  /** Says that the owner lives. */
  async touch(): Promise<void> {
    const now = new Date();
    await utimes(join(this.path, OWNER_FILE), now, now);
  }

  /** Segments whose writer is gone, oldest first within a folder. */
  async abandonedSegments(): Promise<string[]> {
    const folders = (await readdir(this.root, { withFileTypes: true })).filter((entry) =>
      entry.isDirectory(),
    );
    const segments: string[] = [];
    for (const { name } of folders) {
      const folder = join(this.root, name);
      if (ownFolders.has(folder) || (await isOwned(folder))) continue;
      const found = (await readdir(folder).catch(() => [])).filter((file) => SEGMENT.test(file)).sort();
      if (found.length === 0) await rm(folder, { recursive: true, force: true });
      segments.push(...found.map((file) => join(folder, file)));
    }
    return segments;
  }

  /** After this, what is left in the folder is anybody's to deliver. */
  async leave(): Promise<void> {
    ownFolders.delete(this.path);
    const left = await readdir(this.path).catch(() => []);
    if (left.every((file) => file === OWNER_FILE)) await rm(this.path, { recursive: true, force: true });
  }
}

async function isOwned(folder: string): Promise<boolean> {
  try {
    const file = join(folder, OWNER_FILE);
    const { mtimeMs } = await stat(file);
    if (Date.now() - mtimeMs > SILENT_MS) return false;
    const { pid } = JSON.parse(await readFile(file, 'utf8')) as { pid: number };
    // A predecessor with this process's id, as in a container: it is not among the folders of this process.
    return pid !== process.pid && isAlive(pid);
  } catch {
    // Torn by a crash at the very beginning: nobody has written anything beside it.
    return false;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
