import {
  ApiKeyService,
  ConflictError,
  FleetTenantService,
  ImportService,
  KEY_SCOPES,
  ModelRegistryService,
  NightshiftError,
  RunService,
  TenantRepository,
  TenantSummaryReadModel,
  type EntityRecords,
  type ImportEntity,
  type Tenant,
} from '#libs/domain';
import type { World, WorldProfile } from '#libs/simulator';
import type { CommandContext } from '../command-context.js';
import type { DemoKeys } from './demo-keys.js';

export interface DemoTenant {
  readonly tenant: string;
  readonly keys: { readonly full: string };
  /** The first night's run, or null when there is a model already. */
  readonly runId: string | null;
  /** Whether this call loaded its data. */
  readonly created: boolean;
  readonly customers: number;
  readonly products: number;
  readonly interactions: number;
}

/** One tenant of the demo fleet, from nothing or from wherever an earlier attempt stopped. */
export async function createDemoTenant(
  context: CommandContext,
  keys: DemoKeys,
  profile: WorldProfile,
  createWorld: () => World,
): Promise<DemoTenant> {
  const { services, output } = context;
  const tenant = await findOrCreate(context, profile);
  const summaries = services.get(TenantSummaryReadModel);
  // Interactions come last and all at once: where there are some, everything is there.
  const created = (await summaries.summarise(tenant.id)).interactions === 0;
  if (created) {
    output.note(`${tenant.slug}: simulating and loading its data`);
    await loadWorld(context, tenant, createWorld());
  }
  const { customers, products, interactions } = await summaries.summarise(tenant.id);
  const full = await findOrCreateKey(context, keys, tenant);
  const runId = await requestFirstRun(context, tenant);
  return { tenant: tenant.slug, keys: { full }, runId, created, customers, products, interactions };
}

async function findOrCreate({ services }: CommandContext, profile: WorldProfile): Promise<Tenant> {
  const { slug, name, timeZone, currency, repeatPurchases } = profile.tenant;
  const known = await services.get(TenantRepository).findBySlug(slug);
  if (known !== undefined) return known;
  return services
    .get(FleetTenantService)
    .create({ slug, name, timeZone, currency, settings: { repeatPurchases } });
}

async function loadWorld(context: CommandContext, tenant: Tenant, world: World): Promise<void> {
  await load(context, tenant, 'products', world.products());
  await load(context, tenant, 'customers', world.customers());
  await load(context, tenant, 'offers', world.offers());
  await load(context, tenant, 'promotions', world.promotions());
  await load(context, tenant, 'interactions', world.interactions());
}

async function load<E extends ImportEntity>(
  { services, actor }: CommandContext,
  tenant: Tenant,
  entity: E,
  records: Iterable<EntityRecords[E]>,
): Promise<void> {
  const options = { sourceName: 'demo fleet', requestedBy: actor };
  const result = await services.get(ImportService).importRecords(tenant, entity, records, options);
  // The simulator is ours: a row of it that is refused is a fault of the platform, not of the data.
  const first = result.rejections.at(0);
  if (first !== undefined) {
    const message = `${result.rejected} simulated ${entity} were refused, the first because ${first.field ?? 'it'} ${first.message}.`;
    throw new NightshiftError('internal', 'demoDataRefused', message);
  }
}

async function findOrCreateKey(
  { services }: CommandContext,
  keys: DemoKeys,
  tenant: Tenant,
): Promise<string> {
  const service = services.get(ApiKeyService);
  const kept = keys.find(tenant.slug);
  // The database may be another one than the file's, and the key may have been revoked since.
  const known = kept === undefined ? undefined : await service.authenticate(kept);
  if (kept !== undefined && known?.tenantId === tenant.id) return kept;
  const { token } = await service.create(tenant, { name: 'demo', scopes: KEY_SCOPES });
  await keys.keep(tenant.slug, token);
  return token;
}

async function requestFirstRun({ services, actor }: CommandContext, tenant: Tenant): Promise<string | null> {
  if ((await services.get(ModelRegistryService).pointer(tenant)) !== undefined) return null;
  try {
    const request = { requestedBy: actor, reason: 'first night of the demo fleet' };
    return (await services.get(RunService).request(tenant, request)).run.runId;
  } catch (error) {
    // Somebody switched the demo tenant off: that is respected here as everywhere.
    if (error instanceof ConflictError) return null;
    throw error;
  }
}
