import {
  FeedbackRepository,
  ListStore,
  ModelRegistryRepository,
  OfferingRepository,
  openOwnLists,
  type FeedbackEvent,
  type Tenant,
} from '#libs/domain';
import { pushCustomer, servedNow } from '#libs/pipeline';
import { RESPONSE_DEFAULTS, respondToLists, type ListVisitor, type World } from '#libs/simulator';
import type { CommandContext } from '../command-context.js';

/** What simulated customers did with the lists that they were shown. */
export interface ServedResponses {
  readonly shown: number;
  readonly accepted: number;
  readonly rejected: number;
}

export const NO_RESPONSES: ServedResponses = { shown: 0, accepted: 0, rejected: 0 };

const BATCH = 5_000;
/** More than a customer sees: what was taken on an earlier day is left out. */
const SPARE = 20;
/** Everybody, whatever the score: what the endpoint would answer. */
const AS_SERVED = { format: 'ndjson', controlShare: 0, controlSeed: 0, notAgainWithinDays: 0 } as const;

export interface LivedDays {
  readonly seed: number;
  readonly fromDay: number;
  readonly untilDay: number;
}

/**
 * Customers of the world look at what the tenant serves now, by the code that answers requests, and what they do is recorded
 * as feedback. The same days twice count once.
 */
export async function respondToServedLists(
  { services }: CommandContext,
  tenant: Tenant,
  world: World,
  days: LivedDays,
): Promise<ServedResponses> {
  const pointer = await services.get(ModelRegistryRepository).pointer(tenant.id);
  if (pointer === undefined) return NO_RESPONSES;
  const lists = await openOwnLists(services.get(ListStore), tenant.slug, pointer);
  try {
    const now = Date.now();
    const served = await servedNow(tenant, pointer, lists, services.get(OfferingRepository), now);
    const { shown } = RESPONSE_DEFAULTS;
    const options = { ...AS_SERVED, count: shown + SPARE };
    const listOf = ({ customerId, segment, country }: ListVisitor) =>
      pushCustomer(served, { customerId, segment, country, wasContacted: false }, options, now).rows.flatMap(
        ({ productId }) => productId ?? [],
      );
    const events = respondToLists(world, listOf, { ...RESPONSE_DEFAULTS, ...days });
    return await record(services.get(FeedbackRepository), tenant, events);
  } finally {
    await lists.close();
  }
}

type Responses = ReturnType<typeof respondToLists>;

async function record(
  feedback: FeedbackRepository,
  tenant: Tenant,
  events: Responses,
): Promise<ServedResponses> {
  const counts = { shown: 0, accepted: 0, rejected: 0 };
  let batch: FeedbackEvent[] = [];
  for (const event of events) {
    if (event.kind !== 'bought') counts[event.kind]++;
    const { position, quantity, unitPrice } = event;
    const absent = { reason: undefined, onBehalfOf: undefined };
    batch.push({ ...event, ...absent, ...{ position, quantity, unitPrice } });
    if (batch.length < BATCH) continue;
    await feedback.append(tenant.id, batch);
    batch = [];
  }
  if (batch.length > 0) await feedback.append(tenant.id, batch);
  return counts;
}
