import { cloneTemplate } from '../template/pipeline-template.js';
import type { ListStore } from '../lists/list-store.js';
import type { ModelRegistryRepository } from '../registry/model-registry.repository.js';
import type { ArtifactStore, StoredFile } from '../snapshots/artifact-store.js';
import type { Tenant } from '../tenants/tenant.js';

/**
 * How long a file stays after nobody needs it any more. A serving node that is cut off from Postgres goes on with, and may
 * start again from, the pointers that it knew: their files must still be there.
 */
export const LEFTOVER_GRACE_MS = 48 * 3_600_000;

export interface FilePorts {
  readonly registry: ModelRegistryRepository;
  readonly artifacts: ArtifactStore;
  readonly lists: ListStore;
}

export interface Leftovers {
  readonly lists: readonly string[];
  readonly models: readonly string[];
  /** Folders of what stages of ended runs left. */
  readonly runs: readonly string[];
}

/**
 * What nobody needs any more. It starts from what lies in the stores, not from what the registry remembers: files of lost
 * attempts, superseded nights and recipes that were never registered have no row.
 */
export async function findLeftovers(
  { registry, artifacts, lists }: FilePorts,
  tenant: Tenant,
  now: number,
  graceMs: number = LEFTOVER_GRACE_MS,
): Promise<Leftovers> {
  const folder = `tenants/${tenant.id}`;
  const old = (files: readonly StoredFile[]) =>
    files.filter(({ changedAt }) => now - changedAt.getTime() > graceMs).map(({ name }) => name);
  // The stores first: what is written while they are read is not among it.
  const found = {
    lists: old(await lists.list(`${tenant.id}`)),
    models: old(await artifacts.list(`${folder}/models`)),
    runs: old(await artifacts.list(`${folder}/runs`)),
  };
  if (Object.values(found).every((names) => names.length === 0)) return found;
  const { keptVersions } = cloneTemplate(tenant.settings);
  const kept = await registry.keptFiles(tenant.id, keptVersions);
  return {
    lists: found.lists.filter((name) => !kept.listFiles.has(name)),
    models: found.models.filter((name) => !kept.artifacts.has(name)),
    runs: found.runs.filter((name) => name !== `${folder}/runs/${kept.activeRunId}`),
  };
}

export async function removeLeftovers(
  { artifacts, lists }: Pick<FilePorts, 'artifacts' | 'lists'>,
  leftovers: Leftovers,
): Promise<void> {
  for (const name of leftovers.lists) await lists.remove(name);
  for (const name of leftovers.models) await artifacts.remove(name);
  for (const name of leftovers.runs) await artifacts.removeFolder(name);
}
