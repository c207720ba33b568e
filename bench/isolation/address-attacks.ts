import { bearer, type Ask } from './ask.ts';
import { findForeign } from './judge.ts';
import type { Ledger } from './ledger.ts';
import { jsonHeaders } from './fill-operation.ts';
import type { Trial } from './trial-tenant.ts';

/** Programs of a trial. */
export interface Programs {
  readonly api: Ask;
  readonly serving: Ask;
}

/** Ways up and across, as they have passed filters somewhere. */
const climbs = (target: string): string[] => [
  `../${target}`,
  `..%2f${target}`,
  `%2e%2e/${target}`,
  `%2e%2e%2f${target}`,
  `..%5c${target}`,
  `..%252f${target}`,
  `....//${target}`,
  `%c0%ae%c0%ae/${target}`,
  `/${target}`,
  `%00${target}`,
  `x%00/../${target}`,
  `.%2e;/${target}`,
];

/** Ids, mappings and uploads that climb through folders, and addresses that try to be two at once. */
export async function attackPaths({ api, serving }: Programs, trial: Trial, ledger: Ledger): Promise<void> {
  const { a, b, canaries } = trial;
  const at = `/v1/tenants/${a.slug}`;
  const bases: readonly [string, (id: string) => string, string][] = [
    ['a file of an export', (id) => `${at}/exports/${id}/file`, `${b.id}/${b.ids.exportId[0]}`],
    ['rejected rows', (id) => `${at}/imports/${id}/rejected`, `${b.id}/${b.ids.importId[0]}`],
    ['an import', (id) => `${at}/imports/${id}`, `../${b.slug}/imports/${b.ids.importId[0]}`],
    ['a run', (id) => `${at}/runs/${id}`, `../${b.slug}/runs/${b.ids.runId[0]}`],
    ['a model', (id) => `${at}/models/${id}`, `../${b.slug}/models/700101`],
    ['a tenant', (id) => `${at}/${id}`, `${b.slug}/runs`],
    ['documentation', (id) => `/docs/${id}`, `lists/${b.ids.listFile[0]}`],
  ];
  for (const [name, address, target] of bases)
    for (const climb of climbs(target)) {
      const answer = await api({ method: 'GET', path: address(climb), headers: bearer(a.keys.all) });
      const findings = findForeign(answer, canaries, sentBy(trial));
      if (answer.status >= 500) findings.push(`answered ${answer.status}`);
      ledger.judged('paths', `${name}: ${climb}`, findings);
    }
  await climbInUploads(api, trial, ledger);
  for (const program of [api, serving]) await confuseAddresses(program, trial, ledger);
}

async function climbInUploads(api: Ask, trial: Trial, ledger: Ledger): Promise<void> {
  const { a, b, canaries } = trial;
  const names = climbs(`lists/${b.ids.listFile[0]}`).flatMap((climb) => [
    `mapping=${climb}`,
    `mapping=uci-online-retail&source=${climb}`,
  ]);
  for (const query of names) {
    const answer = await api({
      ...{ method: 'POST', path: `/v1/tenants/${a.slug}/imports?${query}` },
      headers: { ...bearer(a.keys.all), 'content-type': 'text/csv' },
      body: 'x\n1\n',
    });
    const findings = findForeign(answer, canaries, sentBy(trial));
    if (answer.status < 400 || answer.status >= 500) findings.push(`answered ${answer.status}`);
    ledger.judged('paths', `an upload: ${query}`, findings);
  }
}

/** B's address, written so that one part of a program might read A's and another B's. */
async function confuseAddresses(ask: Ask, trial: Trial, ledger: Ledger): Promise<void> {
  const { a, b, canaries } = trial;
  const rest = ['', '/runs', '/keys', '/recommendations/shared-customer'];
  const slugs = [
    b.slug.toUpperCase(),
    `%${Buffer.from(b.slug[0]).toString('hex')}${b.slug.slice(1)}`,
    `${b.slug}%00`,
    `${b.slug}%20`,
    `${b.slug}.`,
    `${a.slug}%2f..%2f${b.slug}`,
    `${a.slug}/../${b.slug}`,
    `./${b.slug}`,
    `/${b.slug}`,
    `${b.slug};tenant=${a.slug}`,
    `${b.slug}%23${a.slug}`,
    `${b.slug}%3f/v1/tenants/${a.slug}`,
    `${a.slug}%0d%0aX-Tenant:%20${b.slug}`,
    `${encodeURIComponent(encodeURIComponent(b.slug[0]))}${b.slug.slice(1)}`,
  ];
  for (const slug of slugs)
    for (const part of rest) {
      const answer = await ask({
        method: 'GET',
        path: `/v1/tenants/${slug}${part}`,
        headers: bearer(a.keys.all),
      });
      const findings = findForeign(answer, canaries, sentBy(trial));
      if (answer.status < 400 || answer.status >= 500)
        findings.push(`answered ${answer.status}: ${answer.body.slice(0, 200)}`);
      ledger.judged('addresses', `${slug}${part}`, findings);
    }
  for (const absolute of [`http://x/v1/tenants/${b.slug}`, `//x/v1/tenants/${b.slug}/runs`]) {
    const answer = await ask({ method: 'GET', path: absolute, headers: bearer(a.keys.all) });
    const findings = findForeign(answer, canaries, sentBy(trial));
    if (answer.status < 400) findings.push(`answered ${answer.status}`);
    ledger.judged('addresses', absolute, findings);
  }
}

/** Customers' ids that look like what a list file keeps beside customers. */
export async function attackListKeys({ serving }: Programs, trial: Trial, ledger: Ledger): Promise<void> {
  const { a, b, canaries } = trial;
  const at = `/v1/tenants/${a.slug}/recommendations`;
  const kinds = ['\u0000', '\u0001', '\u0002', '\u0003', '\u0004', '\u0005'];
  const ids = [
    ...kinds.flatMap((kind) => [
      kind,
      `${kind}overall`,
      `${kind}catalogue:000000`,
      `${kind}${b.ids.customerId[0]}`,
    ]),
    `${b.slug}/${b.ids.customerId[0]}`,
    `${b.id}\n${b.ids.customerId[0]}`,
    `../${b.id}/${b.ids.customerId[0]}`,
    ...b.ids.customerId,
    '__proto__',
    'constructor',
    'ns_live_',
  ];
  const ask = async (name: string, question: Parameters<Ask>[0]) => {
    const answer = await serving(question);
    const findings = findForeign(answer, canaries, [...ids, ...ids.map((id) => id.slice(1)), b.slug]);
    if (answer.status >= 500) findings.push(`answered ${answer.status}`);
    ledger.judged('lists', name, findings);
  };
  for (const id of ids) {
    const path = `${at}/${encodeURIComponent(id)}`;
    await ask(`GET ${JSON.stringify(id)}`, { method: 'GET', path, headers: bearer(a.keys.read) });
    const body = JSON.stringify({ customerId: id, count: 5, context: { basket: [b.ids.productId[0], id] } });
    await ask(`POST ${JSON.stringify(id)}`, {
      method: 'POST',
      path: at,
      headers: jsonHeaders(a.keys.read),
      body,
    });
  }
}

function sentBy({ b }: Trial): string[] {
  return [b.slug, b.slug.slice(1), ...b.ids.listFile, ...b.ids.exportId, ...b.ids.importId, ...b.ids.runId];
}
