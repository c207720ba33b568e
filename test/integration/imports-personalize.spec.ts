import { parseImportMapping } from '#libs/domain';
import { FileMappingCatalogue } from '#libs/persistence';
import { errorCodes, ImportsUnderTest } from './imports-under-test.js';

// Files as Amazon Personalize takes them, through the mappings that ship.

const INTERACTIONS = `USER_ID,ITEM_ID,TIMESTAMP,EVENT_TYPE,EVENT_VALUE,IMPRESSION
u1,i1,1763719200,View,,i1|i2|i3
u1,i1,1763719260,Purchase,9.5,
u1,i1,1763719260,Purchase,9.5,
u2,"i,2",1763719200,AddToCart,,
,i1,1763719201,View,,
u3,i1,1763719200,Levitate,,
u3,i1,2025-11-21,View,,
`;

let under: ImportsUnderTest;

beforeAll(async () => {
  under = await ImportsUnderTest.open();
});
afterAll(() => under?.close());
beforeEach(async () => {
  under.tenant = await under.newTenant();
});

async function shipped(name: string) {
  return parseImportMapping(await new FileMappingCatalogue().find(name));
}

describe('amazon-personalize-interactions', () => {
  it('takes an interactions file: seconds, event types, further columns; equal rows are one event', async () => {
    const result = await under.send(INTERACTIONS, await shipped('amazon-personalize-interactions'));
    expect(result).toMatchObject({ read: 7, accepted: 4, alreadyKnown: 1, rejected: 2 });
    expect(errorCodes(result)).toEqual(['6 type unknownValue', '7 occurredAt badDate']);
    const rows = await under.select(
      `SELECT type, customer_id, product_id, occurred_at FROM interaction ORDER BY occurred_at, product_id DESC, event_id`,
    );
    expect(rows).toEqual([
      row('view', 'u1', 'i1', '2025-11-21T10:00:00Z'),
      row('cart', 'u2', 'i,2', '2025-11-21T10:00:00Z'),
      row('view', null, 'i1', '2025-11-21T10:00:01Z'),
      row('purchase', 'u1', 'i1', '2025-11-21T10:01:00Z'),
    ]);
  });

  it('counts exports that overlap once', async () => {
    const mapping = await shipped('amazon-personalize-interactions');
    await under.send(INTERACTIONS, mapping);
    const longer = `${INTERACTIONS}u4,i1,1763719300,Click,,\n`;
    expect(await under.send(longer, mapping)).toMatchObject({ accepted: 1, alreadyKnown: 5 });
  });

  it('refuses a file without event types, and says which column is missing', async () => {
    const refused = under.send(
      'USER_ID,ITEM_ID,TIMESTAMP\nu1,i1,1763719200\n',
      await shipped('amazon-personalize-interactions'),
    );
    await expect(refused).rejects.toMatchObject({
      code: 'unknownColumn',
      message: expect.stringContaining('EVENT_TYPE'),
    });
  });
});

describe('amazon-personalize-items', () => {
  it('takes an items file of the domain ECOMMERCE', async () => {
    const file =
      'ITEM_ID,PRICE,CATEGORY_L1,CREATION_TIMESTAMP\ni1,9.5,Tea,1763719200\ni2,free,Tea,1763719200\n';
    const result = await under.send(file, await shipped('amazon-personalize-items'));
    expect(errorCodes(result)).toEqual(['2 price notANumber']);
    expect(await under.select('SELECT product_id, price, category FROM product')).toEqual([
      { product_id: 'i1', price: '9.5000', category: 'Tea' },
    ]);
  });
});

describe('amazon-personalize-users', () => {
  it('takes a users file, whatever else it tells of them', async () => {
    const file = 'USER_ID,AGE,GENDER\nu1,31,f\nu2,,\n,20,m\n';
    const result = await under.send(file, await shipped('amazon-personalize-users'));
    expect(errorCodes(result)).toEqual(['3 customerId missing']);
    expect(await under.select('SELECT customer_id FROM customer ORDER BY 1')).toEqual([
      { customer_id: 'u1' },
      { customer_id: 'u2' },
    ]);
  });
});

function row(type: string, customer_id: string | null, product_id: string, at: string) {
  return { type, customer_id, product_id, occurred_at: new Date(at) };
}
