import {
  ArtifactStore,
  isUnreadableArtifact,
  type KeptPublication,
  type ModelVersion,
  type Run,
  type RunRepository,
  type StageName,
  type StoredFile,
  type Tenant,
  cloneTemplate,
  templateOf,
} from '#libs/domain';
import type { NightContext, NightPorts } from '../night-context.js';
import { SnapshotBuilder } from '../snapshot/snapshot-builder.js';
import { prepareNight } from '../stages/prepare.stage.js';
import { rankInto, type RankOutput } from '../stages/rank.stage.js';
import { neighboursIn, type TrainOutput } from '../stages/train.stage.js';
import { RunWorkspace } from '../workspace/run-workspace.js';

export interface RebuiltLists extends RankOutput {
  /** What is bought together was learnt in that night and cannot be read any more: lists that needed it are shorter. */
  readonly withoutNeighbours: boolean;
}

/**
 * Ranks everybody again with a version that was published before, from the data as it is now and without training anything.
 * Where data, rules and settings are those of its night, the file is the same byte for byte.
 */
export async function rebuildLists(
  ports: NightPorts,
  runs: RunRepository,
  tenant: Tenant,
  publication: KeptPublication,
  listFile: string,
): Promise<RebuiltLists> {
  const version = await ports.registry.find(tenant.id, publication.modelVersion);
  if (version === undefined) throw new Error('A publication has a version.');
  const run = await runs.find(tenant.id, publication.runId);
  const stages = await runs.stages(tenant.id, publication.runId);
  const recorded = stages.find(({ stage }) => stage === 'train')?.output as TrainOutput | undefined;
  const trained = await readableOnly(ports.artifacts, recorded ?? { skipped: 'frozen' });
  const context = await contextOf(ports, tenant, run ?? asRun(version), version, trained.output);
  return { ...(await rankInto(context, listFile)), withoutNeighbours: trained.lost };
}

async function contextOf(
  ports: NightPorts,
  tenant: Tenant,
  run: Run,
  version: ModelVersion,
  train: TrainOutput,
): Promise<NightContext> {
  const template = cloneTemplate(tenant.settings, await templateOf(ports.templates, run.templateVersion));
  const workspace = new RunWorkspace(new ReadOnlyArtifacts(ports.artifacts), tenant.id, run.runId, 0);
  const builder = new SnapshotBuilder(template.seed);
  await ports.source.read(tenant.id, builder);
  const snapshot = builder.finish();
  // What is held out only matters to training and scoring.
  const windowStart = version.holdoutFrom.getTime() / 1000;
  const prepared = await ports.numerics('prepare', () =>
    prepareNight(snapshot, template, windowStart, ports.executor),
  );
  const { version: number, recipe, artifact, artifactSha256 } = version;
  const outputs = new Map<StageName, unknown>([
    [
      'snapshot',
      {
        snapshot: await workspace.save('snapshot', snapshot),
        watermark: new Date(snapshot.watermarkSeconds * 1000).toISOString(),
      },
    ],
    ['prepare', { prepared: await workspace.save('prepare', prepared) }],
    ['train', train],
    [
      'decide',
      { winner: { version: number, algorithm: recipe.algorithm, file: artifact, sha256: artifactSha256 } },
    ],
  ]);
  return {
    ...ports,
    ...{ tenant, run, template, workspace },
    lease: { tenantId: tenant.id, runId: run.runId, fencingToken: 0 },
    output: <T>(stage: StageName) => outputs.get(stage) as T,
    progress: () => undefined,
    warn: () => undefined,
    log: () => undefined,
  };
}

/** Models of the night that cannot be read any more are left out. */
async function readableOnly(
  artifacts: ArtifactStore,
  trained: TrainOutput,
): Promise<{ output: TrainOutput; lost: boolean }> {
  const neighbours = neighboursIn(trained);
  if (neighbours === undefined) return { output: trained, lost: false };
  try {
    await artifacts.read(neighbours.file, neighbours.sha256);
    return { output: trained, lost: false };
  } catch (error) {
    if (!isUnreadableArtifact(error)) throw error;
    return { output: { models: {} }, lost: true };
  }
}

/** Of a run that is no longer on record only its seed matters, and the version has it. */
function asRun({ runId, tenantId, seed, createdAt }: ModelVersion): Run {
  return {
    ...{
      tenantId,
      runId,
      seed,
      createdAt,
      night: '',
      kind: 'backfill',
      trigger: 'person',
      status: 'succeeded',
    },
    ...{
      outcome: undefined,
      requestedBy: '',
      reason: undefined,
      figures: undefined,
      templateVersion: 1,
      attempt: 0,
    },
    ...{ errorCode: undefined, errorMessage: undefined, startedAt: undefined, finishedAt: undefined },
    deadline: undefined,
  };
}

/** A workspace over it keeps in memory what it saves: the night's files were handed on long ago. */
class ReadOnlyArtifacts extends ArtifactStore {
  constructor(private readonly store: ArtifactStore) {
    super();
  }

  override write(): Promise<{ sha256: string; bytes: number }> {
    return Promise.resolve({ sha256: '', bytes: 0 });
  }

  override read(name: string, sha256?: string): Promise<Uint8Array<SharedArrayBuffer>> {
    return this.store.read(name, sha256);
  }

  override list(folder: string): Promise<StoredFile[]> {
    return this.store.list(folder);
  }

  override remove(): Promise<void> {
    return Promise.resolve();
  }

  override removeFolder(): Promise<void> {
    return Promise.resolve();
  }
}
