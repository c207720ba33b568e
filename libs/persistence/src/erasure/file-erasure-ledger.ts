import { mkdir, open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ErasureLedger, type LedgerEntry } from '#libs/domain';

/** `erasures/ledger.ndjson` below the state directory: a line for each erasure, appended and synced, never rewritten. */
export class FileErasureLedger extends ErasureLedger {
  private readonly folder: string;
  private readonly path: string;

  constructor(stateDir: string) {
    super();
    this.folder = join(stateDir, 'erasures');
    this.path = join(this.folder, 'ledger.ndjson');
  }

  override async append(entry: LedgerEntry): Promise<void> {
    const known = await this.entries();
    // An attempt after the first has nothing new to say.
    if (known.some(({ erasureId }) => erasureId === entry.erasureId)) return;
    await mkdir(this.folder, { recursive: true, mode: 0o700 });
    const file = await open(this.path, 'a', 0o600);
    try {
      // In front as well: a line that a crash has cut short must not swallow this one.
      await file.appendFile(`\n${JSON.stringify(entry)}\n`);
      await file.sync();
    } finally {
      await file.close();
    }
  }

  override async entries(): Promise<readonly LedgerEntry[]> {
    const text = await readFile(this.path, 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return '';
      throw error;
    });
    return text.split('\n').flatMap((line) => {
      try {
        return line === '' ? [] : [JSON.parse(line) as LedgerEntry];
      } catch {
        return []; // cut short by a crash, before anything was erased
      }
    });
  }
}
