import type { ListStore } from '../lists/list-store.js';
import type { ArtifactStore } from '../snapshots/artifact-store.js';
import type { ErasureClaim, Removed } from './erasure.js';
import type { ErasureFiles, ErasureLedger, ErasureRepository } from './erasure.repository.js';

export interface ErasurePorts {
  readonly erasures: ErasureRepository;
  readonly ledger: ErasureLedger;
  readonly files: ErasureFiles;
  readonly lists: ListStore;
  readonly artifacts: ArtifactStore;
}

export const ERASURE_PACE = { leaseMs: 600_000, waitMs: 5_000 };

/**
 * Every step can be repeated, so a worker that dies leaves nothing that the next one does not finish. Answers what it still
 * waits for, if anything.
 */
export async function erase(ports: ErasurePorts, claim: ErasureClaim): Promise<string | undefined> {
  // Before anything is gone: a restored database must be told again.
  await ports.ledger.append(await ports.erasures.ledgerEntry(claim));
  return claim.subject === 'tenant' ? eraseTenant(ports, claim) : eraseCustomer(ports, claim);
}

async function eraseCustomer(ports: ErasurePorts, claim: ErasureClaim): Promise<string | undefined> {
  const { erasures, files, artifacts } = ports;
  const { tenantId } = claim;
  const customerId = claim.customerId as string;
  await erasures.eraseCustomerRows(claim);
  // A run's snapshot, an export that is being written and an import under way may still hold the customer.
  const waitingFor = await erasures.blockedBy(claim);
  if (waitingFor !== undefined) {
    await erasures.postpone(claim, waitingFor, ERASURE_PACE.waitMs);
    return waitingFor;
  }
  const workspaces = await artifacts.list(`tenants/${tenantId}/runs`);
  for (const { name } of workspaces) await artifacts.removeFolder(name);
  await erasures.note(claim, [
    { store: 'files', what: 'exports', count: await files.removeExports(tenantId) },
    { store: 'files', what: 'rejectedRows', count: await files.removeRejectedRows(tenantId, customerId) },
    { store: 'files', what: 'runWorkspaces', count: workspaces.length },
    // Models know products alone, and jobs carry numbers of tenants and runs.
    { store: 'files', what: 'modelsWithCustomers', count: 0 },
    { store: 'redis', what: 'jobsWithCustomers', count: 0 },
  ]);
  await rewriteLists(ports, claim, customerId);
  await erasures.eraseCustomerRows(claim);
  await erasures.finish(claim);
  return undefined;
}

/** A list file never changes: a copy without the customer takes its place, under another name. */
async function rewriteLists(
  { erasures, lists }: ErasurePorts,
  claim: ErasureClaim,
  customerId: string,
): Promise<void> {
  let rewritten = 0;
  let removed = 0;
  for (const { name } of await lists.list(`${claim.tenantId}`)) {
    const copy = `${claim.tenantId}/${claim.erasureId}-${claim.attempt}-${rewritten + removed}.mdb`;
    const made = await lists.copyWithout(name, copy, customerId);
    if (made === undefined) continue;
    const replaced = await erasures.replaceListFile(claim, { from: name, to: copy, sha256: made.sha256 });
    if (replaced === 'unused') await lists.remove(copy);
    await lists.remove(name);
    if (replaced === 'unused') removed++;
    else rewritten++;
  }
  await erasures.note(claim, [
    { store: 'lists', what: 'filesRewritten', count: rewritten },
    { store: 'lists', what: 'filesRemoved', count: removed },
  ]);
}

async function eraseTenant(ports: ErasurePorts, claim: ErasureClaim): Promise<undefined> {
  const { erasures } = ports;
  await erasures.note(claim, await removeTenantFiles(ports, claim.tenantId));
  // With its row a run is gone, and with it its worker's right to write.
  await erasures.eraseTenantRows(claim);
  // What a worker wrote until it noticed.
  await removeTenantFiles(ports, claim.tenantId);
  return undefined;
}

/** Also for what is found of tenants that are no more. */
export async function removeTenantFiles(
  { files, lists, artifacts }: Pick<ErasurePorts, 'files' | 'lists' | 'artifacts'>,
  tenantId: number,
): Promise<Removed[]> {
  const listFiles = await lists.list(`${tenantId}`);
  for (const { name } of listFiles) await lists.remove(name);
  const folder = `tenants/${tenantId}`;
  const [models, runs] = [await artifacts.list(`${folder}/models`), await artifacts.list(`${folder}/runs`)];
  await artifacts.removeFolder(folder);
  return [
    { store: 'lists', what: 'filesRemoved', count: listFiles.length },
    { store: 'files', what: 'models', count: models.length },
    { store: 'files', what: 'runWorkspaces', count: runs.length },
    ...(await files.removeTenant(tenantId)),
  ];
}
