import { ErasureLedger, type LedgerEntry } from '#libs/domain';
import type { ObjectStorage } from '../objects/object-storage.js';

const FOLDER = 'erasures/';

/** An object for each erasure, whichever worker did it. */
export class S3ErasureLedger extends ErasureLedger {
  constructor(private readonly objects: ObjectStorage) {
    super();
  }

  override async append(entry: LedgerEntry): Promise<void> {
    const key = `${FOLDER}${entry.erasureId}.json`;
    // An attempt after the first has nothing new to say.
    if ((await this.objects.list(key)).length > 0) return;
    await this.objects.put(key, [Buffer.from(JSON.stringify(entry))]);
  }

  /** The earliest first, as in a file to which they are appended. */
  override async entries(): Promise<readonly LedgerEntry[]> {
    const entries: LedgerEntry[] = [];
    for (const { key } of await this.objects.list(FOLDER)) {
      const chunks: Uint8Array[] = [];
      for await (const chunk of (await this.objects.get(key))?.body ?? []) chunks.push(chunk);
      if (chunks.length > 0) entries.push(JSON.parse(Buffer.concat(chunks).toString('utf8')) as LedgerEntry);
    }
    return entries.sort((one, other) => one.erasedAt.localeCompare(other.erasedAt));
  }
}
