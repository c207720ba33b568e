// What a serving node answers, compared with what lies in the bucket.
import type { ListReader, ListStore } from '#libs/domain';
import type { Served } from '../chaos/check-fleet-lists.ts';
import type { SmallTenant } from '../platform/small-tenants.ts';

const COUNT = 10;

export interface ServedCheck {
  readonly right: number;
  readonly wrong: number;
  readonly first?: string;
}

export interface Answer {
  readonly status: string;
  readonly modelVersion: number;
  readonly items: readonly { readonly productId: string; readonly score: number }[];
}

export async function ask(url: string, tenant: string, key: string, customer: string): Promise<Answer> {
  const address = `${url}/v1/tenants/${tenant}/recommendations/${encodeURIComponent(customer)}?count=${COUNT}`;
  const answer = await fetch(address, { headers: { authorization: `Bearer ${key}` } });
  if (!answer.ok) throw new Error(`${answer.status} ${(await answer.text()).slice(0, 200)}`);
  return (await answer.json()) as Answer;
}

/** Every customer of the tenant, product by product. @param expected read from the bucket once, by somebody else */
export async function checkServed(
  url: string,
  tenant: SmallTenant,
  key: string,
  expected: ExpectedLists,
): Promise<ServedCheck> {
  const problems: string[] = [];
  for (const customer of tenant.customers) {
    const wanted = expected.lists.get(customer) ?? [];
    const found = await ask(url, tenant.slug, key, customer).catch((error: Error) => error);
    if (found instanceof Error) problems.push(`${customer}: ${found.message}`);
    else if (found.modelVersion !== expected.modelVersion)
      problems.push(`${customer}: version ${found.modelVersion}`);
    else if (wanted.length === 0 || found.items.map(({ productId }) => productId).join() !== wanted.join())
      problems.push(`${customer}: ${found.items.map(({ productId }) => productId).join()}`);
  }
  const wrong = problems.length;
  return {
    ...{ right: tenant.customers.length - wrong, wrong },
    ...(wrong === 0 ? {} : { first: `${tenant.slug}, ${problems[0]}` }),
  };
}

export interface ExpectedLists {
  readonly modelVersion: number;
  readonly lists: ReadonlyMap<string, readonly string[]>;
}

export async function readExpected(
  store: ListStore,
  tenant: SmallTenant,
  served: Served,
): Promise<ExpectedLists> {
  const reader: ListReader = await store.open(served.list_file);
  try {
    const own = new Set(tenant.products);
    if (reader.header.productIds.some((product) => !own.has(product)))
      throw new Error(`${served.list_file} holds products of somebody else.`);
    const listOf = (customer: string) =>
      (reader.customerList(customer, COUNT) ?? []).map(({ productId }) => productId);
    const lists = new Map(tenant.customers.map((customer) => [customer, listOf(customer)]));
    return { modelVersion: served.model_version, lists };
  } finally {
    await reader.close();
  }
}
