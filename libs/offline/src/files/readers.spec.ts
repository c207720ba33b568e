import fc from 'fast-check';
import { InvalidInputError } from '#libs/domain';
import { ScratchFiles } from '../testing/scratch-files.js';
import { IdTable } from './id-table.js';
import { readLines } from './read-lines.js';
import { readNegatives } from './read-negatives.js';
import { readPairs } from './read-pairs.js';
import { readProducts } from './read-products.js';

const files = new ScratchFiles();
afterAll(() => files.remove());
const tables = () => ({ customers: new IdTable(), products: new IdTable() });

describe('pairs', () => {
  it.each([
    ['tabs', 'ann\ttea\t4.5\t100\nbob\ttea\t2\t101\n'],
    ['commas', 'ann,tea,4.5,2026-01-02\nbob,tea,2,2026-01-03\n'],
    ['colons', 'ann::tea::4.5::100\nbob::tea::2::101\n'],
    ['commas under names', 'userId,movieId,rating,timestamp\nann,tea,4.5,1\nbob,tea,2,1\n'],
    ['commas and spaces', 'ann , tea, 4.5 ,1\r\nbob, tea,2, 1\r\n'],
  ])('come with %s', async (_, content) => {
    const ids = tables();
    const { customers, products, values } = await readPairs(files.write('pairs', content), ids);
    expect([...customers].map((c) => ids.customers.textOf(c))).toEqual(['ann', 'bob']);
    expect([...products].map((p) => ids.products.textOf(p))).toEqual(['tea', 'tea']);
    expect([...(values ?? [])]).toEqual([4.5, 2]);
  });

  it('have no values when the file has none', async () => {
    const { customers, values } = await readPairs(files.write('pairs', 'a:1\tb\nc\td\n'), tables());
    expect([[...customers], values]).toEqual([[0, 1], undefined]);
  });

  it.each([
    ['product', 'missing', '1\t2\t3\n1\n'],
    ['value', 'missing', '1\t2\t3\n1\t3\n'],
    ['value', 'missing', '1\t2\t3\n1\t3\t\n'],
    ['customer', 'missing', '1\t2\t3\n\t3\t1\n'],
    ['product', 'missing', '1,2,3\n1, ,1\n'],
    ['value', 'notANumber', '1\t2\t3\n1\t3\tx\n'],
    ['value', 'notANumber', '1\t2\t3\n1\t3\tNaN\n'],
    ['value', 'notFinite', '1\t2\t3\n1\t3\tInfinity\n'],
    ['value', 'notFinite', '1\t2\t3\n1\t3\t1e39\n'],
    ['value', 'negative', '1\t2\t3\n1\t3\t-1\n'],
    ['time', 'badDate', '1\t2\t3\t4\n1\t3\t1\tyesterday\n'],
    ['field 4', 'unexpected', '1\t2\t3\n1\t3\t1\t5\n'],
  ])('refuse a broken line by %s: %s', async (field, code, content) => {
    const refused = readPairs(files.write('broken.tsv', content), tables());
    await expect(refused).rejects.toMatchObject({
      code: 'brokenLine',
      message: expect.stringContaining(`broken.tsv, line 2, ${field}: `),
      details: { fields: [expect.objectContaining({ field, code })] },
    });
  });

  it('take a first line that is broken for no header', async () => {
    const refused = readPairs(files.write('broken.tsv', '1\t2\tx\n'), tables());
    await expect(refused).rejects.toMatchObject({ message: expect.stringContaining('line 1, value') });
  });
});

describe('lines of products', () => {
  it('begin with the customer', async () => {
    const rows = await readLines(files.write('lines', 'u1 7 8\nu2\nu3\t9 7 \n'), tables());
    expect([[...rows.customers], [...rows.products]]).toEqual([
      [0, 0, 2, 2],
      [0, 1, 2, 0],
    ]);
  });
});

describe('negatives', () => {
  it('belong to a pair', async () => {
    const read = await readNegatives(files.write('negatives', '(u,a)\tb\tc\n(v,b)\ta\t\n'), tables());
    expect([[...read.customers], [...read.positives], [...read.lines]]).toEqual([
      [0, 1],
      [0, 1],
      [1, 2],
    ]);
    expect([[...read.offsets], [...read.products]]).toEqual([
      [0, 2, 3],
      [1, 2, 0],
    ]);
  });

  it.each([
    ['pair', 'u,a\tb\n'],
    ['pair', '(u a)\tb\n'],
    ['pair', '(u,)\tb\n'],
    ['pair', '(,a)\tb\n'],
    ['negatives', '(u,a)\n'],
    ['negatives', '(u,a)\tb\t\tc\n'],
  ])('are refused with a bad %s: %j', async (field, content) => {
    const refused = readNegatives(files.write('negatives', content), tables());
    await expect(refused).rejects.toMatchObject({ message: expect.stringContaining(`line 1, ${field}: `) });
  });
});

describe('products', () => {
  it('have text, categories, tags and a price', async () => {
    const ids = tables();
    for (const id of ['1', '2']) ids.products.intern(new TextEncoder().encode(id), 0, 1);
    const content =
      'movieId,title,genres\n1,"American President, The ""1995""",Comedy|Drama\n2,Heat,,noir,9.5\n3,No,No\n';
    const found = await readProducts(files.write('products.csv', content), ids.products);
    expect([...found]).toEqual([
      [
        0,
        { texts: ['American President, The "1995"'], categories: ['Comedy', 'Drama'], tags: [], price: NaN },
      ],
      [1, { texts: ['Heat'], categories: [], tags: ['noir'], price: 9.5 }],
    ]);
  });

  it('are refused without a text or with a price that is none', async () => {
    const { products } = tables();
    await expect(readProducts(files.write('p', '1\n'), products)).rejects.toMatchObject({
      code: 'brokenLine',
    });
    await expect(readProducts(files.write('p', '1,a,b,c,x\n'), products)).rejects.toMatchObject({
      message: expect.stringContaining('line 1, price'),
    });
  });
});

describe('any file', () => {
  const garbage = fc.uint8Array({ maxLength: 200 });
  const nearly = fc
    .array(
      fc.array(fc.constantFrom('1', 'a', '\t', ',', '::', '(', ')', '\n', '\r', '.', '-', '"', ' ', 'é')),
    )
    .map((words) => Buffer.from(words.flat().join('')));

  it('is read or refused, and nothing else', async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(garbage, nearly), async (content) => {
        const file = files.write('fuzz', content);
        const readers = [readPairs, readLines, readNegatives];
        for (const read of readers) {
          const result: unknown = await read(file, tables()).catch((error: unknown) => error);
          if (result instanceof Error) expect(result).toBeInstanceOf(InvalidInputError);
        }
      }),
      { numRuns: 300, seed: 7 },
    );
  });
});
