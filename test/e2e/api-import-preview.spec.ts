import { ApiUnderTest, expectProblem } from './api-under-test.js';

let api: ApiUnderTest;

beforeAll(async () => {
  api = await ApiUnderTest.start();
});

afterAll(() => api?.stop());

const HEADER = 'InvoiceNo;StockCode;Quantity;InvoiceDate;UnitPrice;CustomerID';
const preview = (payload: object) => api.ask('POST', '/imports/preview', { token: api.ownToken, payload });

test('guesses the mapping, shows what rows become and which would be rejected', async () => {
  const sample = `${HEADER}\n7;A-1;2;01.12.2010 08:26;2,55;K1\n8;A-2;two;01.12.2010 09:00;1,00;K2\n`;
  const answer = await preview({ sample });
  expect(answer.statusCode).toBe(200);
  const { columns, mapping, read, rejected, rows } = answer.json();
  expect({ columns, read, rejected }).toEqual({ columns: HEADER.split(';'), read: 2, rejected: 1 });
  expect(mapping).toMatchObject({ entity: 'interactions', timeZone: 'Europe/Berlin' });
  expect(rows[0]).toMatchObject({
    ...{ row: 2, record: null, values: { Quantity: 'two' } },
    errors: [{ row: 2, index: 1, field: 'quantity', column: 'Quantity', code: 'notANumber' }],
  });
  // Eight in the morning in Berlin, in winter.
  expect(rows[1].record).toMatchObject({
    ...{ customerId: 'K1', productId: 'A-1', quantity: 2, unitPrice: 2.55 },
    occurredAt: '2010-12-01T07:26:00.000Z',
  });
  // Nothing was stored.
  const { imports } = (await api.ask('GET', '/imports', { token: api.ownToken })).json();
  expect(imports).toEqual([]);
});

test('what is shown is what the import then does', async () => {
  const sample = `${HEADER}\n7;A-1;2;01.12.2010 08:26;2,55;K1\n`;
  const { mapping } = (await preview({ sample })).json();
  const header = Buffer.from(JSON.stringify(mapping)).toString('base64url');
  const imported = await api.app.inject({
    ...{ method: 'POST', url: `/v1/tenants/${api.ownSlug}/imports`, payload: sample },
    headers: {
      ...{ authorization: `Bearer ${api.ownToken}`, 'content-type': 'text/csv' },
      'x-nightshift-mapping': header,
    },
  });
  expect({ status: imported.statusCode, ...imported.json() }).toMatchObject({
    ...{ status: 201, read: 1, accepted: 1, rejected: 0 },
  });
});

test('a mapping of one’s own is checked against the file', async () => {
  const { mapping } = (await preview({ sample: `${HEADER}\n7;A-1;2;01.12.2010 08:26;2,55;K1\n` })).json();
  const renamed = { ...mapping, fields: { ...mapping.fields, unitPrice: { column: 'Prize' } } };
  const problem = expectProblem(
    await preview({ sample: `${HEADER}\n7;A-1;2;01.12.2010 08:26;2,55;K1\n`, mapping: renamed }),
    400,
    'unknownColumn',
  );
  expect(problem.errors[0]).toMatchObject({ field: 'fields.unitPrice.column' });
});

test('reads NDJSON', async () => {
  const lines = [
    { user_id: 'u1', item_id: 'i1', timestamp: 1_291_191_960, event: 'buy' },
    { user_id: 'u2', item_id: 'i2', timestamp: 1_291_191_961, event: 'view' },
  ];
  const answer = await preview({ sample: lines.map((line) => JSON.stringify(line)).join('\n') });
  expect(answer.json()).toMatchObject({ read: 2, rejected: 0 });
  expect(answer.json().rows[0].record).toMatchObject({ type: 'purchase', customerId: 'u1' });
});

test.each([
  [{ sample: '' }, 'invalidFields'],
  [{ sample: 'a,b\n1,2\n', mapping: { entity: 'interactions' } }, 'invalidMapping'],
  [{ sample: 'a,b\n1,2\n', entity: 'secrets' }, 'invalidFields'],
])('%j is refused', async (payload, code) => expectProblem(await preview(payload), 400, code) && undefined);
