import { createHash, timingSafeEqual } from 'node:crypto';

/** What of a request says who asks. */
export interface MetricsRequest {
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly socket: { readonly remoteAddress?: string };
}

const OWN_MACHINE = new Set(['127.0.0.1', '::1', '::ffff:127.0.0.1']);
/** What proxies add: who comes through one is not of this machine, whatever the address of the connection. */
const OF_PROXIES = ['forwarded', 'x-forwarded-for', 'x-forwarded-host', 'x-real-ip', 'via'];

/** Metrics count all tenants together, so they are the operator's: who has the token, or, where there is none, this machine alone. */
export class MetricsAccess {
  constructor(private readonly token: string | undefined) {}

  allows({ headers, socket }: MetricsRequest): boolean {
    if (this.token !== undefined) return isSame(String(headers.authorization), `Bearer ${this.token}`);
    const isDirect = OF_PROXIES.every((name) => headers[name] === undefined);
    return isDirect && OWN_MACHINE.has(socket.remoteAddress ?? '');
  }
}

/** Hashes have one length, which comparing in constant time needs. */
function isSame(given: string, wanted: string): boolean {
  const hash = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(hash(given), hash(wanted));
}
