import {
  FleetTenantService,
  ImportService,
  NightshiftError,
  TenantRepository,
  type EntityRecords,
  type ImportEntity,
  type Tenant,
} from '#libs/domain';
import type { World, WorldProfile } from '#libs/simulator';
import type { CommandContext } from '../command-context.js';

/** The profile's tenant, made where it is missing. */
export async function findOrCreateTenant(
  { services }: CommandContext,
  profile: WorldProfile,
): Promise<Tenant> {
  const { slug, name, timeZone, currency, repeatPurchases } = profile.tenant;
  const known = await services.get(TenantRepository).findBySlug(slug);
  if (known !== undefined) return known;
  return services
    .get(FleetTenantService)
    .create({ slug, name, timeZone, currency, settings: { repeatPurchases } });
}

/**
 * A world's rows into the tenant's tables. Interactions come last and all at once: where there are some, everything is there.
 * @returns how many interactions there were
 */
export async function loadWorld(
  context: CommandContext,
  tenant: Tenant,
  world: World,
  sourceName: string,
): Promise<number> {
  await load(context, tenant, 'products', world.products(), sourceName);
  await load(context, tenant, 'customers', world.customers(), sourceName);
  await load(context, tenant, 'offers', world.offers(), sourceName);
  await load(context, tenant, 'promotions', world.promotions(), sourceName);
  return load(context, tenant, 'interactions', world.interactions(), sourceName);
}

async function load<E extends ImportEntity>(
  { services, actor }: CommandContext,
  tenant: Tenant,
  entity: E,
  records: Iterable<EntityRecords[E]>,
  sourceName: string,
): Promise<number> {
  const options = { sourceName, requestedBy: actor };
  const result = await services.get(ImportService).importRecords(tenant, entity, records, options);
  // The simulator is ours: a row of it that is refused is a fault of the platform, not of the data.
  const first = result.rejections.at(0);
  if (first !== undefined) {
    const message = `${result.rejected} simulated ${entity} were refused, the first because ${first.field ?? 'it'} ${first.message}.`;
    throw new NightshiftError('internal', 'simulatedDataRefused', message);
  }
  return result.accepted;
}
