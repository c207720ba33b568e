import type { ApiKey, KeyUse, TenantId } from '#libs/domain';

export interface RequestLimitOptions {
  /** Of one key, on one node, in the long run. */
  readonly keyRequestsPerSecond: number;
  /** Of all keys of a tenant together, on one node, from midnight to midnight in UTC; 0: as many as they like. */
  readonly tenantRequestsPerDay: number;
}

/** What a caller is told, whether or not the request goes on. */
export interface LimitState {
  readonly code: 'allowed' | 'rateLimited' | 'quotaExceeded';
  /** Value of the header `RateLimit`. */
  readonly text: string;
  /** Until another request has a chance. */
  readonly retryAfterSeconds: number;
}

/** So long may a key save up what it has not used. */
const BURST_SECONDS = 10;
const DAY_MS = 86_400_000;
/** Keys and tenants that were ever seen; more than a fleet has. */
const MOST_REMEMBERED = 200_000;

interface Bucket {
  readonly tenantId: TenantId;
  tokens: number;
  at: number;
}

interface Day {
  readonly day: number;
  requests: number;
}

/**
 * How much a key and a tenant may ask of this node. A key has a bucket that fills with time, so there is no edge of a window at which
 * twice as much would pass; a tenant has a number for the day. In memory alone: after a restart both begin anew.
 */
export class RequestLimits {
  /** Value of the header `RateLimit-Policy`. */
  readonly policy: string;
  private readonly buckets = new Map<string, Bucket>();
  private readonly days = new Map<TenantId, Day>();
  private readonly capacity: number;

  constructor(private readonly options: RequestLimitOptions) {
    this.capacity = options.keyRequestsPerSecond * BURST_SECONDS;
    const key = `"key";q=${this.capacity};w=${BURST_SECONDS}`;
    const { tenantRequestsPerDay } = options;
    this.policy = tenantRequestsPerDay > 0 ? `${key}, "tenant";q=${tenantRequestsPerDay};w=86400` : key;
  }

  /** Counts one request, unless it is refused. @param now epoch milliseconds */
  take({ keyId, tenantId }: Pick<ApiKey, 'keyId' | 'tenantId'>, now: number): LimitState {
    const bucket = this.bucketOf(keyId, tenantId, now);
    const day = this.dayOf(tenantId, now);
    const quota = this.options.tenantRequestsPerDay;
    const isOverQuota = quota > 0 && day.requests >= quota;
    const isTooFast = bucket.tokens < 1;
    if (!isOverQuota && !isTooFast) {
      bucket.tokens--;
      day.requests++;
    }
    const rate = this.options.keyRequestsPerSecond;
    const untilFull = Math.ceil((this.capacity - bucket.tokens) / rate);
    let text = `"key";r=${Math.floor(bucket.tokens)};t=${untilFull}`;
    const untilMidnight = Math.ceil(((day.day + 1) * DAY_MS - now) / 1000);
    if (quota > 0) text += `, "tenant";r=${quota - day.requests};t=${untilMidnight}`;
    if (isOverQuota) return { code: 'quotaExceeded', text, retryAfterSeconds: untilMidnight };
    if (!isTooFast) return { code: 'allowed', text, retryAfterSeconds: 0 };
    return { code: 'rateLimited', text, retryAfterSeconds: Math.ceil((1 - bucket.tokens) / rate) };
  }

  /** The keys that have been used at this moment or later. */
  usedSince(moment: number): KeyUse[] {
    const uses: KeyUse[] = [];
    for (const [keyId, { tenantId, at }] of this.buckets)
      if (at >= moment) uses.push({ tenantId, keyId, at: new Date(at) });
    return uses;
  }

  private bucketOf(keyId: string, tenantId: TenantId, now: number): Bucket {
    const known = this.buckets.get(keyId);
    if (known === undefined) {
      if (this.buckets.size >= MOST_REMEMBERED) this.buckets.clear();
      const bucket = { tenantId, tokens: this.capacity, at: now };
      this.buckets.set(keyId, bucket);
      return bucket;
    }
    // A clock that was set back fills nothing.
    const elapsed = Math.max(0, now - known.at) / 1000;
    known.tokens = Math.min(this.capacity, known.tokens + elapsed * this.options.keyRequestsPerSecond);
    known.at = now;
    return known;
  }

  private dayOf(tenantId: TenantId, now: number): Day {
    const day = Math.floor(now / DAY_MS);
    const known = this.days.get(tenantId);
    if (known?.day === day) return known;
    if (this.days.size >= MOST_REMEMBERED) this.days.clear();
    const begun = { day, requests: 0 };
    this.days.set(tenantId, begun);
    return begun;
  }
}
