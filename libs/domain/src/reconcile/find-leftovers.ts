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
  const { keptVersions } = cloneTemplate(tenant.settings);
  const folder = `tenants/${tenant.id}`;
  // The stores first: what is written while they are read is not among it.
  const found = {
    lists: await lists.list(`${tenant.id}`),
    models: await artifacts.list(`${folder}/models`),
    runs: await artifacts.list(`${folder}/runs`),
  };
  const kept = await registry.keptFiles(tenant.id, keptVersions);
  const names = (files: readonly StoredFile[], isKept: (name: string) => boolean) =>
    files
      .filter(({ name, changedAt }) => now - changedAt.getTime() > graceMs && !isKept(name))
      .map(({ name }) => name);
  return {
    lists: names(found.lists, (name) => kept.listFiles.has(name)),
    models: names(found.models, (name) => kept.artifacts.has(name)),
    runs: names(found.runs, (name) => name === `${folder}/runs/${kept.activeRunId}`),
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
