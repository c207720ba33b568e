import { StringDecoder } from 'node:string_decoder';
import { InvalidInputError } from '#libs/domain';
import type { ByteSource } from './byte-source.js';

export type TextEncoding = 'utf-8' | 'latin1';

const C1_CONTROLS = /[\u0080-\u009f]/;
const windows1252 = new TextDecoder('windows-1252');

/**
 * The text of a file, chunk by chunk. Bytes that are no UTF-8 become U+FFFD, which the row's checks find and name.
 * What calls itself latin1 and uses 0x80 to 0x9f is Windows-1252, where the euro sign and the curly quotes live.
 */
export async function* textChunks(bytes: ByteSource, encoding: TextEncoding): AsyncGenerator<string> {
  refuseOtherKinds(bytes.magic);
  const decoder = new StringDecoder('utf8');
  let first = true;
  for await (const chunk of bytes.chunks) {
    let text = encoding === 'utf-8' ? decoder.write(chunk) : latin1(chunk);
    if (first && text.length > 0) {
      first = false;
      if (text.charCodeAt(0) === 0xfeff) text = text.slice(1);
    }
    if (text.length > 0) yield text;
  }
  const rest = decoder.end();
  if (rest.length > 0) yield rest;
}

function latin1(chunk: Buffer): string {
  const text = chunk.toString('latin1');
  return C1_CONTROLS.test(text) ? windows1252.decode(chunk) : text;
}

function refuseOtherKinds(magic: Buffer): void {
  if (magic.toString('latin1') === 'PAR1') {
    throw new InvalidInputError('wrongFormat', 'This is a Parquet file; the mapping says that it is text.');
  }
  if (magic.length >= 2 && (magic.readUInt16BE(0) === 0xfffe || magic.readUInt16BE(0) === 0xfeff)) {
    throw new InvalidInputError('unsupportedEncoding', 'This file is in UTF-16; save it as UTF-8.');
  }
  if (magic.length === 4 && magic.readUInt32BE(0) === 0x504b0304) {
    throw new InvalidInputError(
      'wrongFormat',
      'This is a ZIP archive or a spreadsheet; export it as CSV, gzip it if you like.',
    );
  }
}
