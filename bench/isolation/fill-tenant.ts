import { randomBytes } from 'node:crypto';
import type pg from 'pg';
import { smallWorldCsv } from '../platform/small-world.ts';
import { callJson, type TestPlatform } from '../platform/test-platform.ts';
import { fillEmptyTables } from './fill-tables.ts';
import { TrialPeople } from './people.ts';
import { readIds, type TrialTenant } from './trial-tenant.ts';

const WORLD = 0.02;
/** Both tenants have it: whoever mixes them up shows it here. */
export const SHARED_CUSTOMER = 'shared-customer';

/** A tenant with something in every table, and its canary in every text. */
export async function fillTenant(
  platform: TestPlatform,
  admin: pg.Client,
  letter: 'a' | 'b',
  nights: number,
): Promise<TrialTenant> {
  const canary = `canary${letter}${randomBytes(4).toString('hex')}`;
  const slug = `${canary}-shop`;
  const { api, serving } = platform.platform.record.addresses;
  const profile = ['--name', `${canary} Ltd`, '--time-zone', 'Europe/Berlin', '--currency', 'EUR'];
  await platform.cli('tenant', 'create', slug, ...profile);
  const [{ id }] = (await admin.query<{ id: number }>('SELECT id FROM tenant WHERE slug = $1', [slug])).rows;
  const scopes = 'read,feedback,data,admin';
  const { token: all } = await platform.cli<{ token: string }>(
    ...['key', 'create', '--tenant', slug, '--name', `${canary} key`, '--scopes', scopes],
  );
  const at = `${api}/v1/tenants/${slug}`;
  const send = <T>(method: string, path: string, body?: object) =>
    callJson<T>(`${at}${path}`, all, {
      method,
      headers: { 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  const { spare: spareKey, ...keys } = await makeKeys(send, admin, canary);
  await bringFiles(at, all, canary, letter);
  for (let night = 0; night < nights; night++)
    await platform.cli('run', '--tenant', slug, '--wait', '--reason', `${canary} reason`);
  await send('PUT', '/rules', {
    rules: [{ ruleId: `${canary}-rule`, kind: 'exclude', products: { categories: [`${canary} none`] } }],
    reason: `${canary} rules`,
  });
  await send('PUT', '/lifecycle', { state: 'frozen', reason: `${canary} pause` });
  await send('PUT', '/lifecycle', { state: 'on', reason: `${canary} go on` });
  await send('POST', '/exports', { format: 'csv' });
  await giveFeedback(`${serving}/v1/tenants/${slug}`, all, canary);
  await untilDone(admin, id);
  const people = new TrialPeople(admin);
  const spare = letter === 'a' ? await people.spare({ id, canary }) : undefined;
  const sessionsOfB: Record<string, string> = letter === 'b' ? await people.ofB({ id, canary }) : {};
  await fillEmptyTables(admin, id, canary);
  if (letter === 'b') await addVersions(admin, id, canary);
  const ids = await readIds(admin, id);
  // An attack may well end a key or remove a member: it must not be one that the next attack needs.
  const own = spare === undefined ? ids : { ...ids, ...spare, keyId: [keyIdOf(spareKey)] };
  return { slug, id, canary, keys: { all, ...keys, ...sessionsOfB }, ids: own };
}

const keyIdOf = (token: string): string => token.split('_')[2] ?? '';

async function makeKeys(
  send: <T>(method: string, path: string, body?: object) => Promise<T>,
  admin: pg.Client,
  canary: string,
): Promise<Record<string, string>> {
  const make = async (name: string, scopes: readonly string[]) =>
    send<{ token: string; keyId: string }>('POST', '/keys', { name: `${canary} ${name}`, scopes });
  const keys: Record<string, string> = {};
  for (const scope of ['read', 'feedback', 'data', 'admin']) keys[scope] = (await make(scope, [scope])).token;
  const everything = ['read', 'feedback', 'data', 'admin'];
  const expired = await make('expired', everything);
  await admin.query(`UPDATE api_key SET expires_at = now() - interval '1 hour' WHERE key_id = $1`, [
    expired.keyId,
  ]);
  const rotated = await make('rotated', everything);
  await send('POST', `/keys/${rotated.keyId}/rotate`, { overlapHours: 0 });
  keys.spare = (await make('spare', ['read'])).token;
  return { ...keys, expired: expired.token, rotated: rotated.token };
}

async function bringFiles(at: string, key: string, canary: string, letter: string): Promise<void> {
  const bring = async (entity: string, csv: string) => {
    const [head, ...lines] = csv.trim().split('\n');
    const columns = (head ?? '').split(',');
    const attributes = columns.filter((name) => name === 'taste');
    const fields = Object.fromEntries(
      columns.filter((name) => name !== 'taste').map((name) => [name, { column: name }]),
    );
    const mapping = { entity, format: { type: 'csv' }, timeZone: 'UTC', fields, attributes };
    const sent = { ...mapping, ...(entity === 'interactions' ? { returnsWhen: 'negativeQuantity' } : {}) };
    if (attributes.length === 0) delete (sent as { attributes?: unknown }).attributes;
    await callJson(`${at}/imports?source=${canary}-${entity}.csv`, key, {
      method: 'POST',
      headers: {
        'content-type': 'text/csv',
        'x-nightshift-mapping': Buffer.from(JSON.stringify(sent)).toString('base64url'),
      },
      body: `${head}\n${lines.join('\n')}\n`,
    });
  };
  const [head, ...rows] = smallWorldCsv(WORLD, letter === 'a' ? 7 : 8)
    .trim()
    .split('\n');
  const marked = rows.map((row) => {
    const [eventId, type, customerId, productId, ...rest] = row.split(',');
    const customer = customerId === '' ? '' : `${canary}-${customerId}`;
    const order = rest.at(-1) === '' ? '' : `${canary}-${rest.at(-1)}`;
    return [
      `${canary}-${eventId}`,
      type,
      customer,
      `${canary}-${productId}`,
      ...rest.slice(0, -1),
      order,
    ].join(',');
  });
  const products = [...new Set(marked.map((row) => row.split(',')[3]))];
  for (const [index, product] of products.slice(0, 12).entries())
    marked.push(
      `${canary}-shared-${index},purchase,${SHARED_CUSTOMER},${product},2026-10-${10 + index}T10:00:00Z,1,9.5,`,
    );
  const bad = `${canary}-bad,${canary}-nonsense,c,p,yesterday,1,1,`;
  await bring(
    'products',
    ['productId,name,category,brand,description,price,taste']
      .concat(
        products.map(
          (p, i) =>
            `${p},${canary} name ${i},${canary} cat ${i % 5},${canary} brand,${canary} text,9.5,${canary} sweet`,
        ),
      )
      .join('\n'),
  );
  await bring(
    'customers',
    `customerId,region,country,segment,taste\n${SHARED_CUSTOMER},${canary} region,${canary} land,${canary} seg,${canary} sour`,
  );
  await bring('offers', `offerId,productId,name,price\n${canary}-offer,${products[0]},${canary} offer,8.5`);
  await bring('promotions', `promotionId,name,productIds\n${canary}-promotion,${canary} sale,${products[0]}`);
  await bring('interactions', [head, ...marked, bad].join('\n'));
}

async function giveFeedback(at: string, key: string, canary: string): Promise<void> {
  const { recommendationId, items } = await callJson<{
    recommendationId: string;
    items: { productId: string }[];
  }>(`${at}/recommendations/${SHARED_CUSTOMER}?count=5`, key);
  const event = (kind: string, index: number) => ({
    eventId: `${canary}-${kind}-${index}`,
    ...{
      kind,
      recommendationId,
      customerId: SHARED_CUSTOMER,
      productId: items[index]?.productId ?? `${canary}-p`,
    },
    onBehalfOf: `${canary} seller`,
    ...(kind === 'rejected' ? { reason: `${canary} no` } : {}),
  });
  const events = ['shown', 'shown', 'bought', 'rejected'].map(event);
  await callJson(`${at}/outcomes`, key, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ events }),
  });
}

/** Numbers of versions are small and everybody has them: these are B's alone. */
async function addVersions(admin: pg.Client, tenantId: number, canary: string): Promise<void> {
  await admin.query(
    `INSERT INTO model_version SELECT (jsonb_populate_record(NULL::model_version, to_jsonb(m) || jsonb_build_object('version', n,
         'status', 'candidate', 'code_version', $2::text, 'artifact', $2::text))).*
       FROM (SELECT * FROM model_version WHERE tenant_id = $1 ORDER BY version LIMIT 1) AS m,
            unnest(ARRAY[700101, 700103, 700105]) AS n`,
    [tenantId, `${canary}-version`],
  );
}

async function untilDone(admin: pg.Client, tenantId: number): Promise<void> {
  for (let i = 0; i < 120; i++) {
    const { rows } = await admin.query(
      `SELECT FROM list_export WHERE tenant_id = $1 AND status = 'succeeded'
       AND (SELECT count(*) FROM outcome WHERE tenant_id = $1) > 0`,
      [tenantId],
    );
    if (rows.length > 0) return;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  throw new Error('The export or the feedback of a trial tenant did not arrive.');
}
