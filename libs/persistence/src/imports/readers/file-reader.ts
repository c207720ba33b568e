import {
  InvalidInputError,
  type FileFormat,
  type FileReader,
  type ImportSource,
  type OpenedFile,
  type ReadOptions,
} from '#libs/domain';
import { openBytes, type ByteSource } from './byte-source.js';
import { openCsv } from './csv-reader.js';
import { openNdjson } from './ndjson-reader.js';
import { openParquet } from './parquet-reader.js';
import { spool } from './spooled-file.js';

/** Reads the files that tenants send, each format by its reader. */
export class TenantFileReader implements FileReader {
  /** `spoolDirectory` takes bodies whose format cannot be read front to back. */
  constructor(private readonly spoolDirectory: string) {}

  async open(source: ImportSource, format: FileFormat, options: ReadOptions): Promise<OpenedFile> {
    const bytes = await openBytes(source, options.signal);
    if (bytes.magic.length === 0) {
      await bytes.close();
      throw new InvalidInputError('emptyFile', 'The file is empty.');
    }
    if (format.type === 'csv') return openCsv(bytes, format);
    if (format.type === 'ndjson') return openNdjson(bytes, options);
    return this.openParquet(source, bytes, options);
  }

  /** A Parquet file is read from its end: a body, or a gzip, has to be on disk first. */
  private async openParquet(
    source: ImportSource,
    bytes: ByteSource,
    options: ReadOptions,
  ): Promise<OpenedFile> {
    try {
      if (bytes.magic.toString('latin1') !== 'PAR1')
        throw new InvalidInputError('wrongFormat', 'This is no Parquet file.');
      if ('path' in source && !bytes.packed)
        return await openParquet(source.path, options.wanted, () => Promise.resolve());
      const file = await spool(bytes, this.spoolDirectory);
      return await openParquet(file.path, options.wanted, file.remove);
    } finally {
      await bytes.close();
    }
  }
}
