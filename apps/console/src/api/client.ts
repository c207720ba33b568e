import createClient, { type Middleware } from 'openapi-fetch';
import type { ApiPaths } from '#libs/client';
import { Problem } from './problem.js';

const SAFE_METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD']);
let csrfToken: string | undefined;

/** The session says which; every request that changes something carries it. */
export function rememberCsrfToken(token: string | undefined): void {
  csrfToken = token;
}

const proveOrigin: Middleware = {
  onRequest({ request }) {
    if (!SAFE_METHODS.has(request.method) && csrfToken !== undefined)
      request.headers.set('X-CSRF-Token', csrfToken);
    return request;
  },
};

export const client = createClient<ApiPaths>({ baseUrl: location.origin, credentials: 'same-origin' });
client.use(proveOrigin);

type Fetched<T> = Promise<{ data?: T; error?: unknown; response: Response }>;

/** The answer, or a {@link Problem}. */
export async function answerOf<T>(fetched: Fetched<T>): Promise<NonNullable<T>> {
  const { data, error, response } = await fetched;
  if (!response.ok) throw new Problem(error, response);
  return data as NonNullable<T>;
}

/** For bodies that are no JSON, and addresses that an answer has named. */
export async function fetchRaw(address: string, init: RequestInit = {}): Promise<Response> {
  const headers = new Headers(init.headers);
  if (!SAFE_METHODS.has(init.method ?? 'GET') && csrfToken !== undefined)
    headers.set('X-CSRF-Token', csrfToken);
  const response = await fetch(address, { ...init, headers, credentials: 'same-origin' });
  if (!response.ok) throw new Problem(await response.json().catch(() => undefined), response);
  return response;
}
