import {
  agrees,
  removeTenantFiles,
  type StoreDifference,
  type ErasureFiles,
  type FleetTenantRepository,
  type ReconcileReport,
  type Tenant,
} from '#libs/domain';
import { reconcileTenant, type ReconcileOptions, type ReconcilePorts } from './reconcile-tenant.js';

/** The queues' side: `apps` bring it, because Redis is nothing that the pipeline knows. */
export interface QueueReconciliation {
  readonly differences: readonly StoreDifference[];
  readonly checked: number;
}

export interface FleetReconcilePorts extends ReconcilePorts {
  readonly fleet: FleetTenantRepository;
  readonly files: ErasureFiles;
  readonly compareQueues: (repair: boolean) => Promise<QueueReconciliation>;
}

/** All tenants, the queues, and folders of tenants that there are not; or one tenant alone. */
export async function reconcileFleet(
  ports: FleetReconcilePorts,
  options: ReconcileOptions,
  only?: Tenant,
  onTenant: (done: number, of: number) => void = () => undefined,
): Promise<ReconcileReport> {
  const checkedAt = new Date().toISOString();
  const differences: StoreDifference[] = [];
  const checked = { redis: 0, lists: 0, artifacts: 0, folders: 0, quota: 0 };
  if (only === undefined) {
    const queues = await ports.compareQueues(options.repair);
    differences.push(...queues.differences);
    checked.redis = queues.checked;
    const folders = await reconcileFolders(ports, options);
    differences.push(...folders.differences);
    checked.folders = folders.checked;
  }
  const tenants = only === undefined ? await ports.fleet.list() : [only];
  for (const [index, tenant] of tenants.entries()) {
    const one = await reconcileTenant(ports, tenant, options);
    differences.push(...one.differences);
    for (const store of ['lists', 'artifacts', 'quota'] as const) checked[store] += one.checked[store];
    onTenant(index + 1, tenants.length);
  }
  return { checkedAt, tenants: tenants.length, checked, differences, agrees: agrees(differences) };
}

/** A restored database does not know tenants that came after its moment; their files belong to nobody. */
async function reconcileFolders(
  { night, files, fleet }: FleetReconcilePorts,
  { repair, graceMs }: ReconcileOptions,
): Promise<QueueReconciliation> {
  // The folders first: a tenant that is made meanwhile is not among them.
  const folders = await night.artifacts.list('tenants');
  const known = new Set((await fleet.list()).map(({ id }) => `tenants/${id}`));
  const strange = folders.filter(
    ({ name, changedAt }) =>
      /^tenants\/\d+$/.test(name) && !known.has(name) && Date.now() - changedAt.getTime() > graceMs,
  );
  const differences: StoreDifference[] = [];
  for (const { name } of strange) {
    const tenantId = Number(name.slice('tenants/'.length));
    const { artifacts, lists } = night;
    if (repair) await removeTenantFiles({ artifacts, lists, files }, tenantId);
    const what = `everything of tenant number ${tenantId}`;
    const result = repair ? ('done' as const) : null;
    differences.push({ store: 'folders', problem: 'leftover', tenant: null, what, repair: result });
  }
  return { differences, checked: folders.length };
}
