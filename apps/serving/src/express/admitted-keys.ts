import { keyAccepts, parseKeyToken, type ApiKey } from '#libs/domain';
import type { PointerTable } from '../pointers/pointer-table.js';

const BEARER = 'Bearer ';
/** Headers that were let in; beyond this all are checked anew. */
const MAXIMUM_ADMITTED = 10_000;

/** Keys by the header that carried them: hashing a secret costs as much as the rest of a look-up. Held in memory alone. */
export class AdmittedKeys {
  private admitted = new Map<string, ApiKey>();
  private table: unknown;

  constructor(private readonly source: PointerTable) {}

  /** Undefined when it is malformed, unknown, wrong, expired or revoked. */
  find(header: string, now: number): ApiKey | undefined {
    // A table with other keys may have revoked one of these.
    if (this.table !== this.source.version || this.admitted.size > MAXIMUM_ADMITTED) {
      this.admitted = new Map();
      this.table = this.source.version;
    }
    const known = this.admitted.get(header) ?? this.check(header, now);
    return known?.expiresAt !== undefined && known.expiresAt.getTime() <= now ? undefined : known;
  }

  private check(header: string, now: number): ApiKey | undefined {
    const parsed = header.startsWith(BEARER) ? parseKeyToken(header.slice(BEARER.length)) : undefined;
    const key = parsed && this.source.key(parsed.keyId);
    if (key === undefined || !keyAccepts(key, parsed?.secret ?? '', new Date(now))) return undefined;
    this.admitted.set(header, key);
    return key;
  }
}
