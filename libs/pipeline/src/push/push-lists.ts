import { isInControlGroup, type ExportCustomer, type ExportOptions, type ExportRow } from '#libs/domain';
import { createRecommendationId, recommend, type Recommendation, type ServedState } from '#libs/serving';

export interface PushedCustomer {
  readonly rows: readonly ExportRow[];
  /** Whether something is recommended: a contact that the policy counts. */
  readonly isContact: boolean;
}

/**
 * What an export says of one customer, by the code that answers requests. The control group comes first: who belongs to it must
 * not depend on what there is to recommend, or the groups could not be compared.
 */
export function pushCustomer(
  served: ServedState,
  customer: ExportCustomer,
  options: ExportOptions,
  now: number,
): PushedCustomer {
  const { customerId } = customer;
  if (isInControlGroup(customerId, options.controlShare, options.controlSeed))
    return withheld(customer, 'controlGroup', now);
  if (customer.wasContacted) return withheld(customer, 'contactedRecently', now);
  const { segment, country } = customer;
  const answer = recommend(served, { customerId, count: options.count, country, segment }, now);
  if (answer.status === 'none') return withheld(customer, answer.statusReason, now, answer);
  const { minimumScore = -Infinity, minimumRelevance = 0 } = options;
  const best = Math.max(...answer.items.map(({ score }) => score));
  const least = minimumRelevance === 0 ? minimumScore : Math.max(minimumScore, minimumRelevance * best);
  const items = answer.items.filter(({ score }) => score >= least);
  if (items.length === 0) return withheld(customer, 'lowRelevance', now, answer);
  const cut = items.length < answer.items.length;
  const rows = items.map(({ productId, score, source }, place) => ({
    ...identity(customer, answer),
    status: cut ? ('partial' as const) : answer.status,
    statusReason: answer.statusReason ?? (cut ? 'lowRelevance' : null),
    ...{ position: place + 1, productId, score, source, modelVersion: answer.modelVersion },
    servedAt: answer.servedAt,
  }));
  return { rows, isContact: true };
}

/** Nothing for this customer, and why: with an id, so that what they do without us can be told apart. */
function withheld(
  customer: ExportCustomer,
  statusReason: string | null,
  now: number,
  answer?: Recommendation,
): PushedCustomer {
  const recommendationId = answer?.recommendationId ?? createRecommendationId(now);
  const row: ExportRow = {
    ...identity(customer, { recommendationId }),
    ...{ status: 'none', statusReason, position: null, productId: null, score: null, source: null },
    ...{ modelVersion: null, servedAt: new Date(now).toISOString() },
  };
  return { rows: [row], isContact: false };
}

function identity(
  { customerId, segment }: ExportCustomer,
  { recommendationId }: Pick<Recommendation, 'recommendationId'>,
) {
  return { recommendationId, customerId, segment: segment ?? null };
}
