// The main job on real data: import, night and serving of the UCI Online Retail file.
// npm run night:real -- --data <onlineretail.csv[.gz]>; prints one JSON object as its last line.
import { openAsBlob } from 'node:fs';
import { parseArgs } from 'node:util';
import { callJson, peakRssMb, query, say, TestPlatform } from './platform/test-platform.ts';

interface ImportAnswer {
  read: number;
  accepted: number;
  alreadyKnown: number;
  rejected: number;
}
interface RunAnswer {
  status: string;
  outcome: string;
  stages: { stage: string; startedAt: string; finishedAt: string; output?: Record<string, unknown> }[];
}

const TENANT = 'online-retail';
const { values } = parseArgs({ options: { data: { type: 'string' } } });
if (values.data === undefined) {
  say('usage: npm run night:real -- --data <onlineretail.csv[.gz]>');
  process.exit(2);
}

const platform = await TestPlatform.start();
let ok = false;
try {
  const result = await nightOn(values.data);
  ok = result.ok;
  process.stdout.write(`${JSON.stringify(result)}\n`);
} finally {
  await platform.close();
}
process.exit(ok ? 0 : 1);

async function nightOn(file: string) {
  await platform.cli(
    'tenant',
    'create',
    TENANT,
    '--name',
    'UCI Online Retail',
    '--time-zone',
    'Europe/London',
    '--currency',
    'GBP',
  );
  const { token } = await platform.cli<{ token: string }>(
    'key',
    'create',
    '--tenant',
    TENANT,
    '--name',
    'proof',
    '--scopes',
    'read,feedback,data,admin',
  );
  const api = `${platform.platform.record.addresses.api}/v1/tenants/${TENANT}`;
  const serving = `${platform.platform.record.addresses.serving}/v1/tenants/${TENANT}`;

  const first = await importFile(api, token, file);
  say(`imported ${first.answer.accepted} rows in ${first.seconds.toFixed(1)} s`);
  const second = await importFile(api, token, file);

  const startedAt = performance.now();
  const { run } = await platform
    .cli<{ run: { runId?: string; id?: string } }>('run', '--tenant', TENANT, '--wait')
    .then(normaliseRun);
  const nightSeconds = (performance.now() - startedAt) / 1000;
  say(`the night took ${nightSeconds.toFixed(1)} s`);

  const answer = await callJson<RunAnswer>(`${api}/runs/${run.runId}`, token);
  const quality = await one<{ numbers: Record<string, number> }>('SELECT numbers FROM data_quality_report');
  const version = await one<{
    metrics: { candidates: Record<string, Record<string, number>> };
    version: number;
    algorithm: string;
  }>(`SELECT version, algorithm, metrics FROM model_version WHERE status = 'champion'`);
  const publication = await one<{ customer_lists: number; fallback_lists: number }>(
    'SELECT customer_lists, fallback_lists FROM publication',
  );
  const [verdict] = await query<{ lane: string; promoted: boolean; reason_code: string; sentence: string }>(
    platform.adminUrl,
    'SELECT lane, promoted, reason_code, sentence FROM verdict',
  );
  const served = await serveAll(serving, token);
  const { candidates } = version.metrics;
  const metrics = {
    hybrid: brief(candidates.hybrid),
    als: brief(candidates.ials),
    itemCf: brief(candidates['item-cf']),
    popularity: brief(candidates.popularity),
  };
  const importRowsPerSecond = Math.round(first.answer.read / first.seconds);
  const result = {
    rowsRead: first.answer.read,
    accepted: first.answer.accepted,
    rejected: first.answer.rejected,
    returnsExcluded: quality.numbers.returns,
    refundsExcluded: quality.numbers.refunds,
    zeroPriceKept: quality.numbers.zeroPrice,
    withoutCustomer: quality.numbers.withoutCustomer,
    retention: quality.numbers.retention,
    products: quality.numbers.products,
    customers: quality.numbers.customers,
    importSeconds: round(first.seconds),
    importRowsPerSecond,
    nightSeconds: round(nightSeconds),
    stageSeconds: Object.fromEntries(
      answer.stages.map((stage) => [
        stage.stage,
        round((Date.parse(stage.finishedAt) - Date.parse(stage.startedAt)) / 1000),
      ]),
    ),
    peakRssMb: {
      api: peakRssMb(platform.pidOf('api')),
      worker: peakRssMb(platform.pidOf('worker')),
      serving: peakRssMb(platform.pidOf('serving')),
    },
    metrics,
    champion: version.algorithm,
    verdict,
    lists: publication.customer_lists,
    fallbackLists: publication.fallback_lists,
    served,
    secondImportAccepted: second.answer.accepted,
  };
  const expected = {
    rowsRead: 541909,
    returnsExcluded: 10624,
    zeroPriceKept: 2515,
    withoutCustomer: 135080,
    secondImportAccepted: 0,
  };
  const wrong = Object.entries(expected).filter(
    ([name, value]) => result[name as keyof typeof expected] !== value,
  );
  for (const [name, value] of wrong) say(`${name} should be ${value}`);
  const fast = importRowsPerSecond >= 50_000 && nightSeconds <= 120;
  return { ...result, ok: wrong.length === 0 && fast && served.failed === 0 };
}

/** The command's answer names the run at its top level. */
function normaliseRun(answer: object): { run: { runId: string } } {
  const { runId, id } = answer as { runId?: string; id?: string };
  const found = runId ?? id;
  if (found === undefined) throw new Error(`The run command answered ${JSON.stringify(answer)}.`);
  return { run: { runId: found } };
}

async function importFile(
  api: string,
  token: string,
  file: string,
): Promise<{ answer: ImportAnswer; seconds: number }> {
  const startedAt = performance.now();
  const answer = await callJson<ImportAnswer>(`${api}/imports?mapping=uci-online-retail`, token, {
    method: 'POST',
    headers: { 'content-type': 'application/octet-stream' },
    body: await openAsBlob(file),
  });
  return { answer, seconds: (performance.now() - startedAt) / 1000 };
}

/** Asks for every customer's list, and for somebody unknown. */
async function serveAll(serving: string, token: string): Promise<{ asked: number; failed: number }> {
  const customers = await query<{ customer_id: string }>(
    platform.adminUrl,
    'SELECT customer_id FROM customer',
  );
  let failed = 0;
  const ask = async (customerId: string) => {
    const url = `${serving}/recommendations/${encodeURIComponent(customerId)}?count=10`;
    const { status, items } = await callJson<{ status: string; items: unknown[] }>(url, token);
    if (status !== 'ok' || items.length !== 10) failed++;
  };
  await waitForLists(serving, token);
  for (const { customer_id } of customers) await ask(customer_id);
  await ask('nobody we know');
  return { asked: customers.length + 1, failed };
}

/** Serving nodes follow a moved pointer within seconds. */
async function waitForLists(serving: string, token: string): Promise<void> {
  const deadline = Date.now() + 10_000;
  for (;;) {
    const { status } = await callJson<{ status: string }>(`${serving}/recommendations/x`, token).catch(
      () => ({ status: 'none' }),
    );
    if (status !== 'none' || Date.now() > deadline) return;
    await new Promise((resolve) => setImmediate(resolve));
  }
}

async function one<T extends Record<string, unknown>>(text: string): Promise<T> {
  const rows = await query<T>(platform.adminUrl, text);
  if (rows.length !== 1) throw new Error(`${rows.length} rows instead of one: ${text}`);
  return rows[0];
}

function brief(metrics: Record<string, number>) {
  const names = [
    'rmse',
    'mae',
    'ndcg@10',
    'precision@10',
    'recall@10',
    'hit@10',
    'mrr@10',
    'ndcg@5',
    'coverage@10',
  ];
  return Object.fromEntries(names.map((name) => [name, round(metrics[name], 4)]));
}

function round(value: number, digits = 2): number {
  return Number(value.toFixed(digits));
}
