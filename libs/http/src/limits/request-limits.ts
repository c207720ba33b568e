import type { ApiKey, KeyUse, TenantId } from '#libs/domain';

export interface RequestLimitOptions {
  /** Of one key, on one node, in the long run. */
  readonly keyRequestsPerSecond: number;
  /** Of all keys of a tenant together, from midnight to midnight in UTC, unless the tenant has a number of its own; 0: as many as they like. */
  readonly tenantRequestsPerDay: number;
}

/** What a caller is told, whether or not the request goes on. */
export interface LimitState {
  readonly code: 'allowed' | 'rateLimited' | 'quotaExceeded';
  /** Values of the headers `RateLimit` and `RateLimit-Policy`. */
  readonly text: string;
  readonly policy: string;
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
  /** What other nodes have answered, as far as this one has heard. */
  elsewhere: number;
}

/**
 * How much a key and a tenant may ask of this node. A key has a bucket that fills with time, so there is no edge of a window at which
 * twice as much would pass; a tenant has a number for the day, from which is also taken what other nodes report.
 */
export class RequestLimits {
  private readonly policies = new Map<number, string>();
  private readonly buckets = new Map<string, Bucket>();
  private readonly days = new Map<TenantId, Day>();
  private readonly capacity: number;

  constructor(private readonly options: RequestLimitOptions) {
    this.capacity = options.keyRequestsPerSecond * BURST_SECONDS;
  }

  /**
   * Counts one request, unless it is refused.
   * @param now epoch milliseconds
   * @param requestsPerDay the tenant's own number; undefined: everybody's
   */
  take(
    { keyId, tenantId }: Pick<ApiKey, 'keyId' | 'tenantId'>,
    now: number,
    requestsPerDay?: number,
  ): LimitState {
    const bucket = this.bucketOf(keyId, tenantId, now);
    const day = this.dayOf(tenantId, now);
    const quota = requestsPerDay ?? this.options.tenantRequestsPerDay;
    const left = quota - day.requests - day.elsewhere;
    const isOverQuota = quota > 0 && left <= 0;
    const isTooFast = bucket.tokens < 1;
    if (!isOverQuota && !isTooFast) {
      bucket.tokens--;
      day.requests++;
    }
    const rate = this.options.keyRequestsPerSecond;
    const untilFull = Math.ceil((this.capacity - bucket.tokens) / rate);
    let text = `"key";r=${Math.floor(bucket.tokens)};t=${untilFull}`;
    const untilMidnight = Math.ceil(((day.day + 1) * DAY_MS - now) / 1000);
    const isCounted = !isOverQuota && !isTooFast;
    if (quota > 0) text += `, "tenant";r=${Math.max(0, isCounted ? left - 1 : left)};t=${untilMidnight}`;
    const policy = this.policyOf(quota);
    if (isOverQuota) return { code: 'quotaExceeded', text, policy, retryAfterSeconds: untilMidnight };
    if (!isTooFast) return { code: 'allowed', text, policy, retryAfterSeconds: 0 };
    return { code: 'rateLimited', text, policy, retryAfterSeconds: Math.ceil((1 - bucket.tokens) / rate) };
  }

  /** What these tenants have asked of this node on the day of `now`. */
  requestsOf(tenantIds: Iterable<TenantId>, now: number): Map<TenantId, number> {
    return new Map(Array.from(tenantIds, (tenantId) => [tenantId, this.dayOf(tenantId, now).requests]));
  }

  /** What other nodes have answered on the day of `now`; those that are absent: nothing. */
  noteElsewhere(tenantIds: Iterable<TenantId>, requests: ReadonlyMap<TenantId, number>, now: number): void {
    for (const tenantId of tenantIds) {
      const known = this.days.get(tenantId);
      // Midnight may have come while others were asked.
      if (known?.day === Math.floor(now / DAY_MS)) known.elsewhere = requests.get(tenantId) ?? 0;
    }
  }

  private policyOf(quota: number): string {
    let policy = this.policies.get(quota);
    if (policy === undefined) {
      if (this.policies.size >= MOST_REMEMBERED) this.policies.clear();
      const key = `"key";q=${this.capacity};w=${BURST_SECONDS}`;
      policy = quota > 0 ? `${key}, "tenant";q=${quota};w=86400` : key;
      this.policies.set(quota, policy);
    }
    return policy;
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
    const begun = { day, requests: 0, elsewhere: 0 };
    this.days.set(tenantId, begun);
    return begun;
  }
}
