import { InvalidInputError } from '../errors/nightshift-error.js';
import type { RowError } from './row-error.js';

const LISTED_ROWS = 1000;

/** Rejected rows are kept on disk: a small gzip of broken lines must not fill it. */
const MOST_REJECTED = 1_000_000;
/** From here on a file of which hardly a row is good is taken for one that the mapping does not fit. */
const ROWS_BEFORE_JUDGEMENT = 100_000;
const HIGHEST_REJECTED_SHARE = 0.99;

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

  /** @throws InvalidInputError `tooManyRejected` when reading on would only fill the disk */
  checkWorthwhile(): void {
    const hopeless = this.read >= ROWS_BEFORE_JUDGEMENT && this.rejected > this.read * HIGHEST_REJECTED_SHARE;
    if (this.rejected < MOST_REJECTED && !hopeless) return;
    const first = this.rejections[0];
    const example = first === undefined ? '' : ` Row ${first.row}: ${first.message}`;
    throw new InvalidInputError(
      'tooManyRejected',
      `Given up: ${this.rejected} of the first ${this.read} rows were rejected, and nothing of the file was kept.${example}`,
    );
  }
}
