import { readdirSync } from 'node:fs';
import path from 'node:path';

/** All files of a folder and of the folders in it; none where there is no folder. */
export function filesBelow(folder: string): string[] {
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => path.join(entry.parentPath, entry.name));
  } catch {
    return [];
  }
}

/** Without logs, and without the ledger that says which customers stay out. */
export function dataBelow(folder: string): string[] {
  return filesBelow(folder).filter((file) => !file.endsWith('.log') && !file.endsWith('ledger.ndjson'));
}
