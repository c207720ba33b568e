import { FeedbackRepository, type FeedbackEvent, type TenantId } from '#libs/domain';
import { NO_SESSION, type Session } from '#libs/serving';
import { TenantShares } from './tenant-shares.js';

/** A visit: whoever comes back later is known by the night's model, or by the next. */
const VISIT_MS = 30 * 60_000;
const MOST_CUSTOMERS = 100_000;
const MOST_PRODUCTS = 50;

type Part = 'viewed' | 'basket' | 'bought' | 'rejected';
/** What feedback says of the moment; to have been shown something, or to have skipped it, says too little. */
const PART_OF_KIND: Partial<Record<FeedbackEvent['kind'], Part>> = {
  clicked: 'viewed',
  carted: 'basket',
  accepted: 'basket',
  bought: 'bought',
  rejected: 'rejected',
};
const PARTS: readonly Part[] = ['viewed', 'basket', 'bought', 'rejected'];

type Visit = Readonly<Record<Part, readonly string[]>>;
const NEW_VISIT: Visit = { viewed: [], basket: [], bought: [], rejected: [] };

/**
 * What customers have just done, as this node was told: it changes their next answer, long before a model learns it. In memory
 * alone: feedback itself is durable, and a visit is short.
 */
export class SessionMemory {
  private readonly visits = new TenantShares<Visit>(MOST_CUSTOMERS, VISIT_MS);

  get isEmpty(): boolean {
    return this.visits.size === 0;
  }

  of(tenantId: TenantId, customerId: string): Visit | undefined {
    return this.isEmpty ? undefined : this.visits.get(tenantId, customerId);
  }

  forget(isErased: (tenantId: TenantId, customerId: string) => boolean): void {
    this.visits.deleteWhere(isErased);
  }

  record(tenantId: TenantId, { kind, customerId, productId }: FeedbackEvent): void {
    const part = PART_OF_KIND[kind];
    if (part === undefined) return;
    const before = this.visits.get(tenantId, customerId) ?? NEW_VISIT;
    // The last word on a product counts: what is bought has left the basket.
    const without = PARTS.map((name) => [name, before[name].filter((id) => id !== productId)] as const);
    const visit = Object.fromEntries(without) as Record<Part, string[]>;
    visit[part] = [...visit[part], productId].slice(-MOST_PRODUCTS);
    this.visits.set(tenantId, customerId, visit);
  }
}

/** The session of a request with what was heard of the customer before it. */
export function joinSession(given: Session = NO_SESSION, visit: Visit | undefined): Session {
  if (visit === undefined) return given;
  const join = (part: 'viewed' | 'basket') => [...new Set([...visit[part], ...given[part]])];
  return {
    ...given,
    viewed: join('viewed'),
    basket: join('basket'),
    bought: visit.bought,
    rejected: visit.rejected,
  };
}

/** Feedback on its way to where it lasts, remembered for the visit once it is safe. */
export class RememberedFeedback extends FeedbackRepository {
  constructor(
    private readonly inner: FeedbackRepository,
    private readonly sessions: SessionMemory,
    /** Nothing is written down of them; the database would not take it. */
    private readonly isErased: (tenantId: TenantId, customerId: string) => boolean = () => false,
  ) {
    super();
  }

  override async append(tenantId: TenantId, given: readonly FeedbackEvent[]): Promise<number> {
    const events = given.filter(({ customerId }) => !this.isErased(tenantId, customerId));
    const accepted = await this.inner.append(tenantId, events);
    for (const event of events) this.sessions.record(tenantId, event);
    return accepted;
  }
}
