import type { TenantId } from '#libs/domain';

interface Entry<V> {
  readonly value: V;
  /** Epoch milliseconds. */
  readonly until: number;
}

/**
 * Something about the newest customers of all tenants, at most so many. When it is full, whoever holds more than an equal share
 * forgets first: a tenant with a flood of customers forgets its own.
 */
export class TenantShares<V> {
  /** In order of use. */
  private readonly tenants = new Map<TenantId, Map<string, Entry<V>>>();
  private entries = 0;

  /** @param keptMs since it was written last */
  constructor(
    private readonly most: number,
    private readonly keptMs = Infinity,
  ) {}

  get size(): number {
    return this.entries;
  }

  get(tenantId: TenantId, customerId: string, now = Date.now()): V | undefined {
    const own = this.tenants.get(tenantId);
    const entry = own?.get(customerId);
    if (own === undefined || entry === undefined) return undefined;
    this.forget(tenantId, own, customerId);
    if (entry.until <= now) return undefined;
    this.keep(tenantId, customerId, entry);
    return entry.value;
  }

  set(tenantId: TenantId, customerId: string, value: V, now = Date.now()): void {
    const own = this.tenants.get(tenantId);
    if (own?.has(customerId) === true) this.forget(tenantId, own, customerId);
    else if (this.entries >= this.most) this.makeRoom(tenantId);
    this.keep(tenantId, customerId, { value, until: now + this.keptMs });
  }

  deleteWhere(isMeant: (tenantId: TenantId, customerId: string) => boolean): void {
    for (const [tenantId, own] of [...this.tenants])
      for (const customerId of [...own.keys()])
        if (isMeant(tenantId, customerId)) this.forget(tenantId, own, customerId);
  }

  clear(): void {
    this.tenants.clear();
    this.entries = 0;
  }

  private keep(tenantId: TenantId, customerId: string, entry: Entry<V>): void {
    const own = this.tenants.get(tenantId);
    if (own === undefined) this.tenants.set(tenantId, new Map([[customerId, entry]]));
    else own.set(customerId, entry);
    this.entries++;
  }

  private forget(tenantId: TenantId, own: Map<string, Entry<V>>, customerId: string): void {
    own.delete(customerId);
    this.entries--;
    if (own.size === 0) this.tenants.delete(tenantId);
  }

  private makeRoom(tenantId: TenantId): void {
    const share = this.most / this.tenants.size;
    // Only who holds less than a share takes from another, so the largest is seldom looked for.
    const victim = (this.tenants.get(tenantId)?.size ?? 0) >= share ? tenantId : this.largest();
    const own = this.tenants.get(victim);
    const oldest = own?.keys().next().value;
    if (own !== undefined && oldest !== undefined) this.forget(victim, own, oldest);
  }

  private largest(): TenantId {
    let [found, most] = [NaN, -1];
    for (const [tenantId, own] of this.tenants) if (own.size > most) [found, most] = [tenantId, own.size];
    return found;
  }
}
