/** What the common look-up asks, read from its address. */
export interface LookUp {
  readonly slug: string;
  readonly customerId: string;
  readonly count: number;
}

export const LOOK_UP_ROUTE = '/v1/tenants/:tenant/recommendations/:customerId';

const DEFAULT_COUNT = 10;
const MAXIMUM_COUNT = 100;
const START = '/v1/tenants/';
const MIDDLE = '/recommendations/';
const COUNT = '?count=';
// Characters that stand for themselves: whatever is escaped goes the long way, where it is unescaped and checked.
const SLUG = /^[a-z0-9-]{1,63}$/;
const PLAIN_ID = /^[A-Za-z0-9_.~-]{1,200}$/;
const WHOLE_NUMBER = /^[1-9][0-9]{0,2}$/;

/** Whether an address lies below that of this tenant. */
export function isAddressOf(url: string, slug: string): boolean {
  return (
    url.startsWith(START) && url.startsWith(slug, START.length) && url[START.length + slug.length] === '/'
  );
}

/** Undefined for whatever is not plainly a look-up with nothing but a count: other code decides what that is. */
export function readLookUp(url: string): LookUp | undefined {
  if (!url.startsWith(START)) return undefined;
  const middle = url.indexOf(MIDDLE, START.length);
  if (middle < 0) return undefined;
  const idAt = middle + MIDDLE.length;
  const query = url.indexOf('?', idAt);
  const count = query < 0 ? DEFAULT_COUNT : readCount(url, query);
  if (count === undefined) return undefined;
  const slug = url.slice(START.length, middle);
  const customerId = query < 0 ? url.slice(idAt) : url.slice(idAt, query);
  return SLUG.test(slug) && PLAIN_ID.test(customerId) ? { slug, customerId, count } : undefined;
}

function readCount(url: string, query: number): number | undefined {
  if (!url.startsWith(COUNT, query)) return undefined;
  const text = url.slice(query + COUNT.length);
  if (!WHOLE_NUMBER.test(text)) return undefined;
  const count = Number(text);
  return count <= MAXIMUM_COUNT ? count : undefined;
}
