import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { ImportMapping } from '#libs/domain';
import { csv, errorCodes, HEADER, ImportsUnderTest, inChunks, rows } from './imports-under-test.js';

let under: ImportsUnderTest;

beforeAll(async () => {
  under = await ImportsUnderTest.open();
});
afterAll(() => under?.close());
beforeEach(async () => {
  under.tenant = await under.newTenant();
});

describe('bad input', () => {
  it('gives up on a file of which hardly a row is good, and leaves nothing of it', async () => {
    const file = gzipSync(`${HEADER}\n${'x\n'.repeat(200_000)}`);
    await expect(under.send(file)).rejects.toMatchObject({ kind: 'invalid', code: 'tooManyRejected' });
    expect(await readdir(join(under.stateDir, 'imports', String(under.tenant.id)))).toEqual([]);
  });

  it.each<[string, string | Buffer, Partial<ImportMapping>, string]>([
    ['an empty file', '', {}, 'emptyFile'],
    ['a header without rows', `${HEADER}\n`, {}, 'emptyFile'],
    [
      'a missing column',
      'id,customer,sku,date,quantity,price,name,country\n1,2,3,4,5,6,7,8\n',
      {},
      'unknownColumn',
    ],
    ['a column too many', `${HEADER},extra\n`, { unknownColumns: 'reject' }, 'unknownColumn'],
    ['a column twice', `${HEADER},id\n`, {}, 'duplicateColumn'],
    ['UTF-16', Buffer.from(`\ufeff${HEADER}\n`, 'utf16le'), {}, 'unsupportedEncoding'],
    ['a spreadsheet', Buffer.from('PK\u0003\u0004rest'), {}, 'wrongFormat'],
    ['half a gzip', gzipSync(rows(5000)).subarray(0, 2000), {}, 'damagedGzip'],
    ['text that should be Parquet', rows(1), { format: { type: 'parquet' } }, 'wrongFormat'],
    ['a Parquet file that is none', 'PAR1 and so on', { format: { type: 'parquet' } }, 'damagedParquet'],
  ])('refuses %s', async (_, file, change, code) => {
    await expect(under.send(file, { ...csv, ...change })).rejects.toMatchObject({ kind: 'invalid', code });
    expect(await under.stored('interaction')).toBe(0);
    expect(await under.imports.list(under.tenant)).toMatchObject([
      { status: 'failed', error: expect.stringContaining(code) },
    ]);
  });

  it('names every bad row, takes every good one, and keeps the bad ones in a file', async () => {
    const file = [
      HEADER,
      'ok1,c,p,2011-01-01,1,2,A,UK',
      ',c,p,01.01.2011,x,-2,A,UK',
      'bad"quote,c,p,2011-01-01,1,2,A,UK',
      'few,values',
      'ok2,"c ""q"", d",p,2011-01-01,1,2,"two\nlines",UK',
      'nul,c\0,p,2011-01-01,1,2,A,UK',
      'open,"c,p,2011-01-01,1,2,A,UK',
      'ok3,,p,2011-01-01,-1,0,A,UK',
    ].join('\r\n');
    const result = await under.send(`\ufeff${file}`);
    expect(result).toMatchObject({
      read: 8,
      accepted: 3,
      rejected: 5,
      counts: { returns: 1, zeroPrice: 1, withoutCustomer: 1 },
    });
    expect(errorCodes(result)).toEqual([
      '2 occurredAt badDate',
      '2 quantity notANumber',
      '2 unitPrice negativePrice',
      '2 eventId missing',
      '3 - malformedQuotes',
      '4 - wrongColumnCount',
      '6 customerId nulByte',
      '7 - malformedQuotes',
    ]);
    const lines = (await readFile(join(under.stateDir, result.rejectedFile ?? ''), 'utf8'))
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { row: number; raw: string });
    expect(lines.map(({ row }) => row)).toEqual([2, 3, 4, 6, 7]);
    expect(lines[2]?.raw).toBe('few,values');
    expect(await under.select(`SELECT customer_id FROM interaction WHERE event_id = 'ok2'`)).toEqual([
      { customer_id: 'c "q", d' },
    ]);
  });

  it('lists a thousand rejected rows and keeps them all', async () => {
    const result = await under.send(`${HEADER}\n${'x,c,p,never,1,2,A,UK\n'.repeat(2500)}`);
    expect(result).toMatchObject({ read: 2500, accepted: 0, rejected: 2500 });
    expect(result.rejections).toHaveLength(1000);
    let bytes = '';
    for await (const chunk of await under.imports.openRejected(under.tenant, result.importId))
      bytes += Buffer.from(chunk).toString();
    expect(bytes.trim().split('\n')).toHaveLength(2500);
  });

  it.each([false, true])('bounds memory against a line of 400 MB (gzip: %s)', async (packed) => {
    const block = Buffer.alloc(1024 * 1024, 'x');
    async function* endless(): AsyncGenerator<Buffer> {
      yield Buffer.from(`${HEADER}\nok1,c,p,2011-01-01,1,2,A,UK\n`);
      for (let n = 0; n < 400; n += 1) yield block;
      yield Buffer.from('\nok2,c,p,2011-01-01,1,2,A,UK\n');
    }
    let source: AsyncIterable<Buffer> = endless();
    if (packed) {
      const parts: Buffer[] = [];
      for await (const part of endless()) parts.push(gzipSync(part, { level: 1 }));
      source = inChunks(Buffer.concat(parts), 65_536);
    }
    const before = process.memoryUsage().rss;
    let peak = before;
    const sampler = setInterval(() => (peak = Math.max(peak, process.memoryUsage().rss)), 5);
    const result = await under.imports.import({
      tenant: under.tenant,
      mapping: csv,
      source,
      sourceName: 'spec',
      requestedBy: 'spec',
    });
    clearInterval(sampler);
    expect(result).toMatchObject({ read: 3, accepted: 2, rejected: 1 });
    expect(errorCodes(result)).toEqual(['2 - recordTooLong']);
    expect((peak - before) / 1024 ** 2).toBeLessThan(200);
  });
});
