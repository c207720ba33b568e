// Requests at a steady pace to a serving node on the same host, until the input ends; then what became of them, as JSON. Each line
// of the input is a tenant to be asked for from now on.
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { ask } from '../objects/served-lists.ts';

export interface AskedTenant {
  readonly slug: string;
  readonly key: string;
  readonly customers: readonly string[];
}

export interface LoadResult {
  readonly requests: number;
  readonly failed: number;
  readonly p99Ms: number;
  readonly slowestMs: number;
  readonly first?: string;
}

const { values } = parseArgs({
  options: { url: { type: 'string' }, 'per-second': { type: 'string', default: '200' } },
});
const tenants: AskedTenant[] = [];
const under = { requests: 0, failed: 0, first: undefined as string | undefined };
const took: number[] = [];
const pending = new Set<Promise<void>>();

const timer = setInterval(
  () => {
    const tenant = tenants[under.requests % tenants.length];
    if (tenant === undefined) return;
    const customer = tenant.customers[under.requests % tenant.customers.length];
    under.requests++;
    const request = askOne(tenant, customer).finally(() => pending.delete(request));
    pending.add(request);
  },
  1_000 / Number(values['per-second']),
);

for await (const line of createInterface({ input: process.stdin }))
  tenants.push(JSON.parse(line) as AskedTenant);
clearInterval(timer);
await Promise.all(pending);
took.sort((one, other) => one - other);
const at = (share: number) => Math.round(took[Math.floor(share * (took.length - 1))] ?? 0);
const result: LoadResult = { ...under, p99Ms: at(0.99), slowestMs: at(1) };
process.stdout.write(`${JSON.stringify(result)}\n`);

async function askOne(tenant: AskedTenant, customer: string): Promise<void> {
  const startedAt = performance.now();
  try {
    const { status, items } = await ask(values.url as string, tenant.slug, tenant.key, customer);
    if (status === 'none' || items.length === 0) throw new Error(`${tenant.slug}/${customer}: ${status}`);
  } catch (error) {
    under.failed++;
    under.first ??= (error as Error).message;
  }
  took.push(performance.now() - startedAt);
}
