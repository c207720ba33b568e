import { InvalidInputError, TenantSummaryReadModel } from '#libs/domain';
import { dayOf, planFleet, simulateWorld, type FleetOptions, type PlannedTenant } from '#libs/simulator';
import type { CommandContext } from '../command-context.js';
import { findOrCreateTenant, loadWorld } from './load-world.js';
import { NO_RESPONSES, respondToServedLists, type ServedResponses } from './respond-to-served-lists.js';

/** Measured on a loaded fleet: an interaction with its primary key, and what a customer and a product take besides. */
const BYTES = { interaction: 170, customer: 260, product: 700, tenant: 16_384 };
/** Tenants loaded at the same time: while one's rows are made, the database stores another's. */
const AT_ONCE = 3;
const MS_PER_DAY = 86_400_000;

export interface FleetRequest extends FleetOptions {
  /** Where histories that begin now end. */
  readonly untilDate: Date;
  /** With a number: tenants that have a history live on for so many days after its last one. */
  readonly days?: number;
}

export interface FleetForecast {
  readonly tenants: number;
  readonly customers: number;
  readonly interactions: number;
  readonly largest: number;
  /** On the database's disk, without its write-ahead log. */
  readonly bytes: number;
}

export interface SimulatedFleet {
  readonly tenants: number;
  /** Made or continued by this call; the others had their rows already. */
  readonly loaded: number;
  /** Rows that this call brought. */
  readonly interactions: number;
  /** What customers did with the lists that they were shown on the days that this call let pass. */
  readonly responses: ServedResponses;
  readonly seconds: number;
}

/** What a fleet will take, from its plan alone. */
export function forecastFleet(options: FleetOptions): FleetForecast {
  const sum = { tenants: 0, customers: 0, interactions: 0, largest: 0, bytes: 0 };
  for (const { profile, interactions } of planFleet(options)) {
    sum.tenants++;
    sum.customers += profile.customerCount;
    sum.interactions += interactions;
    sum.largest = Math.max(sum.largest, interactions);
    sum.bytes += BYTES.tenant + interactions * BYTES.interaction;
    sum.bytes += profile.customerCount * BYTES.customer + profile.productCount * BYTES.product;
  }
  return sum;
}

/** Creates what is missing of the fleet, or lets it live on. Broken off, it goes on where it was when called again. */
export async function simulateFleet(context: CommandContext, request: FleetRequest): Promise<SimulatedFleet> {
  const startedMs = performance.now();
  const planned = planFleet(request);
  let [tenants, loaded, interactions] = [0, 0, 0];
  const responses = { ...NO_RESPONSES };
  const work = async () => {
    // The generator is shared: each turn takes the next tenant.
    for (const tenant of planned) {
      const { rows, responded = NO_RESPONSES } = await loadTenant(context, request, tenant);
      responses.shown += responded.shown;
      responses.accepted += responded.accepted;
      responses.rejected += responded.rejected;
      tenants++;
      if (rows > 0) loaded++;
      interactions += rows;
      if (tenants % 100 === 0 || tenants === request.tenants)
        context.output.note(
          `${tenants} of ${request.tenants} tenants, ${interactions.toLocaleString('en-US')} interactions, ${Math.round((performance.now() - startedMs) / 1e3)} s`,
        );
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  const seconds = Math.round(performance.now() - startedMs) / 1e3;
  return { tenants, loaded, interactions, responses, seconds };
}

interface LivedOn {
  /** That it brought: none where they are there already. */
  readonly rows: number;
  readonly responded?: ServedResponses;
}

async function loadTenant(
  context: CommandContext,
  { untilDate, days }: FleetRequest,
  { profile, seed }: PlannedTenant,
): Promise<LivedOn> {
  const tenant = await findOrCreateTenant(context, profile);
  const { lastInteractionAt } = await context.services.get(TenantSummaryReadModel).summarise(tenant.id);
  const source = 'simulated fleet';
  if (lastInteractionAt === undefined)
    return { rows: await loadWorld(context, tenant, simulateWorld(profile, { seed, untilDate }), source) };
  if (days === undefined) return { rows: 0 };
  // A day's events belong to (seed, customer, day): the days to come extend the history that is there.
  const lastDay = new Date(lastInteractionAt.getTime() + days * MS_PER_DAY);
  const nextUntil = nextMidnight(lastDay, profile.utcOffsetMinutes);
  if (nextUntil.getTime() > Date.now())
    throw new FleetAheadOfTime(profile.tenant.slug, lastInteractionAt, days);
  const world = simulateWorld(profile, { seed, untilDate: nextUntil, days });
  const untilDay = dayOf(nextUntil, profile.utcOffsetMinutes);
  // Before the rows, which say how far the history goes: broken off in between, the same responses come again and count once.
  const lived = { seed, fromDay: untilDay - days, untilDay };
  const responded = await respondToServedLists(context, tenant, world, lived);
  return { rows: await loadWorld(context, tenant, world, source), responded };
}

/** Interactions that have not happened yet are refused everywhere; so the past has to leave room for the days to come. */
class FleetAheadOfTime extends InvalidInputError {
  constructor(tenant: string, last: Date, days: number) {
    const until = last.toISOString().slice(0, 10);
    super(
      'fleetAheadOfTime',
      `${tenant} has a history until ${until}: ${days} more days are not over yet. A fleet that is to live on begins earlier (--until).`,
      [{ field: 'days', code: 'fleetAheadOfTime', message: `must end before today, counted from ${until}` }],
    );
  }
}

/** The first instant after the local day that `date` is in. */
function nextMidnight(date: Date, utcOffsetMinutes: number): Date {
  const offsetMs = utcOffsetMinutes * 60_000;
  return new Date((Math.floor((date.getTime() + offsetMs) / MS_PER_DAY) + 1) * MS_PER_DAY - offsetMs);
}
