import { randomUUID } from 'node:crypto';
import {
  cloneTemplate,
  findLeftovers,
  isUnreadableArtifact,
  removeLeftovers,
  type StoreDifference,
  type KeptArtifact,
  type KeptPublication,
  type KeptRecords,
  type ReconcileRepository,
  type RepairResult,
  type RunRepository,
  type RunService,
  type Tenant,
} from '#libs/domain';
import type { NightPorts } from '../night-context.js';
import { rebuildLists } from './rebuild-lists.js';
import { restoreArtifact } from './restore-artifact.js';

export interface ReconcilePorts {
  readonly records: ReconcileRepository;
  readonly runs: RunRepository;
  readonly runService: RunService;
  readonly night: NightPorts;
}

export interface ReconcileOptions {
  readonly repair: boolean;
  /** Whoever is named in records of what was done. */
  readonly actor: string;
  /** How long a file stays after nobody needs it any more. */
  readonly graceMs: number;
}

export interface TenantReconciliation {
  readonly differences: readonly StoreDifference[];
  readonly checked: { readonly lists: number; readonly artifacts: number; readonly quota: number };
}

type Found = Omit<StoreDifference, 'tenant'>;

/** Compares what Postgres says of one tenant with the stores, and makes the stores agree if that is asked for. */
export async function reconcileTenant(
  ports: ReconcilePorts,
  tenant: Tenant,
  options: ReconcileOptions,
): Promise<TenantReconciliation> {
  const { keptVersions } = cloneTemplate(tenant.settings);
  const kept = await ports.records.kept(tenant.id, keptVersions);
  const one = new TenantReconciler(ports, tenant, kept, options);
  const found: Found[] = [
    ...(await one.artifacts()),
    ...(await one.lists()),
    ...(await one.leftovers()),
    ...(await one.quota()),
  ];
  return {
    differences: found.map((difference) => ({ ...difference, tenant: tenant.slug })),
    checked: { lists: kept.publications.length, artifacts: kept.artifacts.length, quota: 1 },
  };
}

class TenantReconciler {
  constructor(
    private readonly ports: ReconcilePorts,
    private readonly tenant: Tenant,
    private readonly kept: KeptRecords,
    private readonly options: ReconcileOptions,
  ) {}

  /** Before the lists: a list file may hold the model that is lost, and needs the one that is there. */
  async artifacts(): Promise<Found[]> {
    const found: Found[] = [];
    for (const artifact of this.kept.artifacts) {
      const problem = await this.problemOfArtifact(artifact);
      if (problem === undefined || !(await this.isStillKept(artifact.file))) continue;
      const restored = this.options.repair && (await this.restore(artifact));
      // Without its neighbours a version serves as before; should its lists be lost as well, they say so.
      if (artifact.role === 'neighbours' && !restored) continue;
      const difference = { store: 'artifacts' as const, problem, what: artifact.file };
      if (!this.options.repair) found.push({ ...difference, repair: null });
      else if (restored) found.push({ ...difference, repair: 'done' });
      else found.push({ ...difference, ...(await this.withoutModel(artifact)) });
    }
    return found;
  }

  async lists(): Promise<Found[]> {
    const found: Found[] = [];
    for (const publication of this.kept.publications) {
      const { listFile, listSha256 } = publication;
      const sha256 = await this.ports.night.lists.checksum(listFile);
      if (sha256 === listSha256 || !(await this.isStillKept(listFile))) continue;
      const problem = sha256 === undefined ? ('missing' as const) : ('damaged' as const);
      const difference = { store: 'lists' as const, problem, what: listFile };
      if (!this.options.repair) found.push({ ...difference, repair: null });
      else found.push({ ...difference, ...(await this.rebuild(publication)) });
    }
    return found;
  }

  async leftovers(): Promise<Found[]> {
    const { night } = this.ports;
    const leftovers = await findLeftovers(night, this.tenant, Date.now(), this.options.graceMs);
    if (this.options.repair) await removeLeftovers(night, leftovers);
    const repair = this.options.repair ? ('done' as const) : null;
    const of = (store: 'lists' | 'artifacts', names: readonly string[]) =>
      names.map((what): Found => ({ store, problem: 'leftover', what, repair }));
    return [...of('lists', leftovers.lists), ...of('artifacts', [...leftovers.models, ...leftovers.runs])];
  }

  async quota(): Promise<Found[]> {
    const { oldQuotaDays } = this.kept;
    if (oldQuotaDays === 0) return [];
    if (this.options.repair) await this.ports.records.forgetOldQuotaDays(this.tenant.id);
    const what = `counters of ${oldQuotaDays} day(s) that are over`;
    return [{ store: 'quota', problem: 'leftover', what, repair: this.options.repair ? 'done' : null }];
  }

  private async problemOfArtifact({
    file,
    sha256,
  }: KeptArtifact): Promise<'missing' | 'damaged' | undefined> {
    try {
      await this.ports.night.artifacts.read(file, sha256);
      return undefined;
    } catch (error) {
      if (!isUnreadableArtifact(error)) throw error;
      return (error as { code?: string }).code === 'artifactMissing' ? 'missing' : 'damaged';
    }
  }

  /** A night that ended, or an erasure that copied a file, since the records were read is no difference. */
  private async isStillKept(file: string): Promise<boolean> {
    const { keptVersions } = cloneTemplate(this.tenant.settings);
    const { publications, artifacts } = await this.ports.records.kept(this.tenant.id, keptVersions);
    return [...publications.map(({ listFile }) => listFile), ...artifacts.map((one) => one.file)].includes(
      file,
    );
  }

  private restore(artifact: KeptArtifact): Promise<boolean> {
    return restoreArtifact(this.ports.night, artifact, this.kept);
  }

  /** A night goes as if it were the first where the champion's file is gone: one is asked for. */
  private async withoutModel({
    modelVersion,
  }: KeptArtifact): Promise<{ repair: RepairResult; note: string }> {
    const isServed = this.kept.publications.some((one) => one.isServed && one.modelVersion === modelVersion);
    if (!isServed)
      return {
        repair: 'impossible',
        note: `Version ${modelVersion} is not served; its file can only come from a backup.`,
      };
    if (this.tenant.state !== 'on')
      return {
        repair: 'impossible',
        note: `The tenant is ${this.tenant.state} and trains nothing: restore the file from a backup, or roll back.`,
      };
    const { actor: requestedBy } = this.options;
    const reason = `Reconciliation: the file of version ${modelVersion} is lost.`;
    const { run } = await this.ports.runService.request(this.tenant, { requestedBy, reason });
    return { repair: 'requested', note: `Run ${run.runId} looks for a new model.` };
  }

  private async rebuild(publication: KeptPublication): Promise<{ repair: RepairResult; note?: string }> {
    const { records, night, runs } = this.ports;
    const to = `${this.tenant.id}/rebuilt-${randomUUID()}.mdb`;
    const dataReadAt = await records.now(this.tenant.id);
    try {
      const rebuilt = await rebuildLists(night, runs, this.tenant, publication, to);
      const { sha256, customerLists, fallbackLists } = rebuilt;
      const { publicationId, listFile: from, listSha256 } = publication;
      const change = { publicationId, from, to, sha256, customerLists, fallbackLists, dataReadAt };
      const replaced = await records.replaceListFile(this.tenant.id, change);
      await night.lists.remove(replaced === 'replaced' ? from : to);
      if (replaced === 'erasedMeanwhile') return { repair: 'notNow', note: 'A customer is being erased.' };
      if (replaced === 'movedMeanwhile')
        return { repair: 'notNow', note: 'Its lists were replaced meanwhile.' };
      if (sha256 === listSha256) return { repair: 'done', note: 'The same lists, byte for byte.' };
      const without = rebuilt.withoutNeighbours ? ', and without what is bought together' : '';
      return { repair: 'done', note: `From the data as it is now${without}.` };
    } catch (error) {
      await night.lists.remove(to);
      if (!isUnreadableArtifact(error)) throw error;
      return { repair: 'impossible', note: (error as Error).message };
    }
  }
}
