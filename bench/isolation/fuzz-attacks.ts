import { bearer } from './ask.ts';
import type { Programs } from './address-attacks.ts';
import { findForeign } from './judge.ts';
import type { Ledger } from './ledger.ts';
import type { Trial } from './trial-tenant.ts';

const IDS = 120;
const MAPPINGS = 80;

/** Small, seeded and good enough for choosing: mulberry32. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Ids and mappings that are nearly right: B's own, bent a little, and what parsers fear. */
export async function fuzz(
  { api, serving }: Programs,
  trial: Trial,
  ledger: Ledger,
  seed: number,
): Promise<void> {
  const { a, b, canaries } = trial;
  const random = seededRandom(seed);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)];
  const real = Object.values(b.ids).flat() as string[];
  const at = `/v1/tenants/${a.slug}`;
  const addresses = (id: string) =>
    [
      [api, `${at}/runs/${id}`],
      [api, `${at}/imports/${id}/rejected`],
      [api, `${at}/exports/${id}/history`],
      [api, `${at}/models/${id}`],
      [serving, `${at}/recommendations/${id}?count=3`],
      [serving, `/api/recommend/${id}?n=3`],
    ] as const;
  for (let i = 0; i < IDS; i++) {
    const id = bend(pick(real), random);
    const [ask, path] = pick(addresses(encodeURIComponent(id.replaceAll('\ud800', ''))));
    const answer = await ask({ method: 'GET', path, headers: bearer(a.keys.all) });
    // What is echoed may be a real id with something around it.
    const findings = findForeign(answer, canaries, [id, ...real]);
    if (answer.status >= 500) findings.push(`answered ${answer.status}: ${answer.body.slice(0, 200)}`);
    ledger.judged('fuzz', `seed ${seed}, id ${i}: ${JSON.stringify(id)}`, findings);
  }
  for (let i = 0; i < MAPPINGS; i++) {
    const mapping = hostileMapping(random, b.id, real);
    const answer = await api({
      ...{ method: 'POST', path: `${at}/imports` },
      headers: {
        ...bearer(a.keys.all),
        'content-type': 'text/csv',
        'x-nightshift-mapping': Buffer.from(JSON.stringify(mapping)).toString('base64url'),
      },
      body: `tenant_id,customerId,productId,x\n${b.id},${pick(real)},${pick(real)},1\n`,
    });
    for (const id of real) trial.written.add(id);
    const findings = findForeign(answer, canaries, real);
    if (answer.status >= 500) findings.push(`answered ${answer.status}: ${answer.body.slice(0, 200)}`);
    ledger.judged('fuzz', `seed ${seed}, mapping ${i}: ${JSON.stringify(mapping).slice(0, 200)}`, findings);
  }
  for (const change of await trial.changesOfB()) ledger.found('fuzz', 'all of them', change);
}

function bend(id: string, random: () => number): string {
  const place = Math.floor(random() * id.length);
  const bends: (() => string)[] = [
    () => id,
    () => id.toUpperCase(),
    () => `${id} `,
    () => `{${id}}`,
    () => id.replaceAll('-', ''),
    () => id.slice(0, place),
    () => `${id.slice(0, place)}%${id.slice(place)}`,
    () => `${id}' OR '1'='1`,
    () => `${id}\u0000`,
    () => `${id}\n${id}`,
    () => `urn:uuid:${id}`,
    () => id.repeat(20),
    () => `${id.slice(0, place)}_${id.slice(place + 1)}`,
    () => id.normalize('NFKD') + '\u200b',
    () => '9'.repeat(40),
    () => `${id}/../${id}`,
  ];
  return bends[Math.floor(random() * bends.length)]();
}

const NAMES = [
  'tenant_id',
  'tenantId',
  '__proto__',
  'constructor',
  'customer_id"; DROP TABLE run; --',
  'customerId',
  'productId',
  'attributes',
  'name',
];
const ENTITIES = [
  'products',
  'customers',
  'interactions',
  'offers',
  'promotions',
  'api_key',
  'tenant',
  'run',
  'public.customer',
  '../customers',
  'products; SELECT 1',
  '__proto__',
];

function hostileMapping(random: () => number, foreignId: number, real: readonly string[]): object {
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)];
  const source = (): unknown =>
    pick<unknown>([
      { column: pick(NAMES) },
      { constant: pick(real) },
      { columns: [pick(NAMES), pick(NAMES)], separator: "'" },
      { column: pick(NAMES), prefix: `${foreignId}\n`, values: JSON.parse('{"__proto__":"x"}') as unknown },
      { column: 'x', format: '(a+)+$' },
      foreignId,
    ]);
  const fields = Object.fromEntries(
    Array.from({ length: 1 + Math.floor(random() * 4) }, () => [pick(NAMES), source()]),
  );
  return {
    entity: pick(ENTITIES),
    format: { type: pick(['csv', 'ndjson', 'parquet', '../csv']) },
    fields: {
      ...(random() < 0.7 ? { customerId: { column: 'customerId' }, productId: { column: 'productId' } } : {}),
      ...fields,
    },
    ...(random() < 0.3 ? { attributes: [pick(NAMES)] } : {}),
    ...(random() < 0.2 ? { tenant: foreignId, tenantId: foreignId } : {}),
  };
}
