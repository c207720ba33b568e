import {
  ApiKeyService,
  ConflictError,
  KEY_SCOPES,
  ModelRegistryService,
  RunService,
  TenantSummaryReadModel,
  type Tenant,
} from '#libs/domain';
import type { World, WorldProfile } from '#libs/simulator';
import type { CommandContext } from '../command-context.js';
import { findOrCreateTenant, loadWorld } from '../worlds/load-world.js';
import type { DemoSecrets } from './demo-secrets.js';

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
  keys: DemoSecrets,
  profile: WorldProfile,
  createWorld: () => World,
): Promise<DemoTenant> {
  const { services, output } = context;
  const tenant = await findOrCreateTenant(context, profile);
  const summaries = services.get(TenantSummaryReadModel);
  const created = (await summaries.summarise(tenant.id)).interactions === 0;
  if (created) {
    output.note(`${tenant.slug}: simulating and loading its data`);
    await loadWorld(context, tenant, createWorld(), 'demo fleet');
  }
  const { customers, products, interactions } = await summaries.summarise(tenant.id);
  const full = await findOrCreateKey(context, keys, tenant);
  const runId = await requestFirstRun(context, tenant);
  return { tenant: tenant.slug, keys: { full }, runId, created, customers, products, interactions };
}

async function findOrCreateKey(
  { services }: CommandContext,
  keys: DemoSecrets,
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
