import { CsvTextReader, type CsvRow } from '#libs/domain';
import { CsvScanner } from '../imports/readers/csv-scanner.js';

/** A text that is in memory already, read as imported files are. */
export class ScannedCsvText extends CsvTextReader {
  override rows(text: string): readonly CsvRow[] {
    return new CsvScanner(',', '"').feed(text, true).map(({ values, fault }) => ({ values, fault }));
  }
}
