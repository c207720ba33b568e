import type { DataFile } from './data-file.js';
import { lineError } from './data-file.js';
import { eachLine } from './each-line.js';
import type { IdTable } from './id-table.js';

/** What a file says of one product. */
export interface ProductText {
  readonly texts: string[];
  readonly categories: string[];
  readonly tags: string[];
  readonly price: number;
}

const FIELD_NAMES = ['product', 'text', 'categories', 'tags', 'price'];
const HEADERS = ['product', 'productid', 'item', 'itemid', 'movieid', 'id'];

/**
 * `product, text[, categories[, tags[, price]]]` a line, separated by tab, comma or `::`; with commas a field may stand
 * in double quotes. Categories and tags are separated by `|`. Products that no other file names are left out.
 * @returns by product index
 * @throws InvalidInputError brokenLine, emptyFile, fileNotReadable, damagedGzip
 */
export async function readProducts(file: DataFile, products: IdTable): Promise<Map<number, ProductText>> {
  const found = new Map<number, ProductText>();
  const encoder = new TextEncoder();
  const decoder = new TextDecoder();
  await eachLine(file, (bytes, start, end, line) => {
    const fields = fieldsOf(decoder.decode(bytes.subarray(start, end)));
    if (found.size === 0 && line === 1 && HEADERS.includes(fields[0].toLowerCase().replace(/[_\s]/g, '')))
      return;
    const refuse = (field: string, code: string, message: string) =>
      lineError(file, line, field, code, message);
    if (fields[0] === '') throw refuse('product', 'missing', 'it is empty');
    if (fields.length < 2) throw refuse('text', 'missing', 'it is missing');
    if (fields.length > FIELD_NAMES.length) throw refuse('field 6', 'unexpected', 'there is one too many');
    const [id, text, categories = '', tags = '', price = ''] = fields;
    if (price !== '' && !(Number(price) >= 0))
      throw refuse('price', 'notANumber', `${JSON.stringify(price)} is not a number from 0`);
    const key = encoder.encode(id);
    const product = products.find(key, 0, key.length);
    if (product < 0) return;
    const described = found.get(product) ?? { texts: [], categories: [], tags: [], price: NaN };
    described.texts.push(text);
    described.categories.push(...partsOf(categories));
    described.tags.push(...partsOf(tags));
    found.set(product, price === '' ? described : { ...described, price: Number(price) });
  });
  return found;
}

function partsOf(text: string): string[] {
  return text
    .split('|')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

function fieldsOf(line: string): string[] {
  if (line.includes('\t')) return line.split('\t').map((field) => field.trim());
  if (line.includes('::')) return line.split('::').map((field) => field.trim());
  const fields: string[] = [];
  // A quoted field with doubled quotes inside, or anything up to the next comma.
  const pattern = /(?:^|,)(?:"((?:[^"]|"")*)"(?=,|$)|([^,]*))/g;
  for (const [, quoted, plain] of line.matchAll(pattern))
    fields.push(quoted === undefined ? plain.trim() : quoted.replaceAll('""', '"'));
  return fields;
}
