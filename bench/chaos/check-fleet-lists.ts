// What a tenant's endpoint would serve, looked at list by list.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { ListReader } from '#libs/domain';
import { LmdbListStore } from '#libs/persistence';
import type { SmallTenant } from '../platform/small-tenants.ts';

export interface Served {
  readonly tenant_id: number;
  readonly model_version: number;
  readonly list_file: string;
  readonly list_sha256: string;
}

export interface ListCheck {
  readonly lists: number;
  readonly wrong: number;
  readonly first?: string;
}

const LONGEST_LIST = 1_000;

/** @param stranger a customer of another tenant, for whom nothing may be found */
export async function checkLists(
  stateDir: string,
  tenant: SmallTenant,
  served: Served,
  stranger: string,
): Promise<ListCheck> {
  const file = path.join(stateDir, 'lists', served.list_file);
  const all = tenant.customers.length;
  const bytes = read(file);
  if (bytes === undefined) return { lists: 0, wrong: all, first: `${served.list_file} is not there` };
  if (createHash('sha256').update(bytes).digest('hex') !== served.list_sha256)
    return { lists: 0, wrong: all, first: `${served.list_file} is not what was published` };
  const reader = await new LmdbListStore(stateDir).open(served.list_file);
  try {
    const { header } = reader;
    if (header.tenant !== tenant.slug || header.modelVersion !== served.model_version)
      return { lists: 0, wrong: all, first: `holds ${header.tenant} version ${header.modelVersion}` };
    const problems = tenant.customers.map((customer) => problemOf(reader, tenant, customer));
    if (reader.customerList(stranger, 1) !== undefined) problems.push(`${stranger} has a list here`);
    const found = problems.filter((problem) => problem !== undefined);
    return { lists: all, wrong: found.length, ...(found.length === 0 ? {} : { first: found[0] }) };
  } finally {
    await reader.close();
  }
}

function read(file: string): Buffer | undefined {
  try {
    return readFileSync(file);
  } catch {
    return undefined;
  }
}

function problemOf(reader: ListReader, tenant: SmallTenant, customer: string): string | undefined {
  const list = reader.customerList(customer, LONGEST_LIST);
  if (list === undefined || list.length === 0) return `${customer} has no list`;
  const own = new Set(tenant.products);
  const foreign = list.find(({ productId }) => !own.has(productId));
  if (foreign !== undefined) return `${customer} is offered ${foreign.productId}`;
  if (new Set(list.map(({ productId }) => productId)).size !== list.length)
    return `${customer} is offered something twice`;
  const falling = list.every(({ score }, place) => place === 0 || score <= list[place - 1].score);
  return falling ? undefined : `${customer}'s list is not in order`;
}
