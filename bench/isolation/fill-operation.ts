import { valueFor, type ApiDocument, type Operation } from './api-document.ts';
import { credentials, type Question } from './ask.ts';
import { neverGiven, type IdsOfTenant } from './trial-tenant.ts';

const FILE = 'eventId,type,customerId,productId,occurredAt\ne1,view,c1,p1,2026-11-01T00:00:00Z\n';
const MAPPING = {
  entity: 'interactions',
  format: { type: 'csv' },
  fields: Object.fromEntries(
    ['eventId', 'type', 'customerId', 'productId', 'occurredAt'].map((name) => [name, { column: name }]),
  ),
};

export interface Filled {
  readonly question: Question;
  /** Whatever of the question an answer may repeat. */
  readonly sent: readonly string[];
}

/** A question that fits the operation. @param chosen what stands at some of the places in its path */
export function fillOperation(
  document: ApiDocument,
  operation: Operation,
  slug: string,
  ids: IdsOfTenant,
  key: string,
  chosen: Readonly<Record<string, string>> = {},
): Filled {
  const sent = [slug];
  const path = operation.path.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    const value = name === 'tenant' ? slug : (chosen[name] ?? idsFor(name, ids)[0] ?? 'x');
    sent.push(value);
    return encodeURIComponent(value);
  });
  const { method, body, fileType } = operation;
  if (fileType !== undefined) {
    const mapping = Buffer.from(JSON.stringify(MAPPING)).toString('base64url');
    const headers = { ...credentials(key), 'content-type': 'text/csv', 'x-nightshift-mapping': mapping };
    return { question: { method, path, headers, body: FILE }, sent };
  }
  if (body === undefined) return { question: { method, path, headers: credentials(key) }, sent };
  const text = JSON.stringify(valueFor(document, body, () => undefined));
  return { question: { method, path, headers: jsonHeaders(key), body: text }, sent };
}

/** What `idsFor` may choose for a place in a body. */
export const firstOf = (ids: IdsOfTenant): string[] =>
  Object.values(ids).flatMap((some: readonly string[]) => some.slice(0, 1));

export const inventedIds = (ids: IdsOfTenant): IdsOfTenant =>
  Object.fromEntries(
    Object.entries(ids).map(([kind, some]: [string, readonly string[]]) => [kind, some.map(neverGiven)]),
  ) as unknown as IdsOfTenant;

/** By the name of the place; a name that nobody knows gets one of each kind. */
export function idsFor(name: string, ids: IdsOfTenant): string[] {
  const kind = (Object.keys(ids) as (keyof IdsOfTenant)[]).find(
    (one) => name.toLowerCase() === one.toLowerCase(),
  );
  if (kind !== undefined && ids[kind].length > 0) return [...ids[kind]];
  if (/user|customer/i.test(name)) return [...ids.customerId];
  if (/item|product/i.test(name)) return [...ids.productId];
  return firstOf(ids);
}

export function jsonHeaders(key: string): Record<string, string> {
  return { ...credentials(key), 'content-type': 'application/json' };
}
