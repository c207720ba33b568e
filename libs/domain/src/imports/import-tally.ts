import type { RowError } from './row-error.js';

const LISTED_ROWS = 1000;

/** What has been seen of a file so far. */
export class ImportTally {
  read = 0;
  rejected = 0;
  /** Errors of the first 1,000 rejected rows: an answer has to stay readable, the file has them all. */
  readonly rejections: RowError[] = [];

  reject(errors: readonly RowError[]): void {
    this.rejected += 1;
    if (this.rejected <= LISTED_ROWS) this.rejections.push(...errors);
  }
}
