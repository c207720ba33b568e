import { createHash } from 'node:crypto';
import { isUnreadableArtifact, type JudgedRun, type ModelVersion, type TrainedFile } from '#libs/domain';
import type { NightContext } from '../night-context.js';
import type { SnapshotOutput } from './snapshot.stage.js';

/**
 * Hash of everything that a training and its verdict rest on: data, template with the tenant's settings, seed, code, rules and
 * re-ranking. Where it is the same as last time, training could only bring the same models again.
 */
export async function hashInputs(context: NightContext): Promise<string> {
  const { snapshot } = context.output<SnapshotOutput>('snapshot');
  const { rulesVersion, rerankingVersion } = await context.offerings.current(context.tenant.id);
  const inputs = {
    snapshot: snapshot.sha256,
    template: context.template,
    seed: context.run.seed,
    codeVersion: context.codeVersion,
    ...{ rulesVersion, rerankingVersion },
  };
  return createHash('sha256').update(JSON.stringify(inputs)).digest('hex');
}

/**
 * The run that made and judged tonight's training already, if what it left in service serves still. Where a model cannot be read
 * that tonight's lists would be made with, the night trains.
 */
export async function judgedBefore(context: NightContext, inputs: string): Promise<JudgedRun | undefined> {
  const { registry, tenant } = context;
  const last = await registry.lastJudged(tenant.id);
  if (last?.inputs !== inputs) return undefined;
  const pointer = await registry.pointer(tenant.id);
  if (pointer?.modelVersion !== last.version) return undefined;
  const champion = await registry.find(tenant.id, pointer.modelVersion);
  if (champion === undefined || !(await isReadable(context, champion))) return undefined;
  const { neighbours } = last;
  return neighbours === undefined || (await canLoad(context, neighbours)) ? last : undefined;
}

/** What is bought together, of the last training; undefined if it cannot be read any more. */
export async function knownNeighbours(context: NightContext): Promise<TrainedFile | undefined> {
  const neighbours = (await context.registry.lastJudged(context.tenant.id))?.neighbours;
  return neighbours !== undefined && (await canLoad(context, neighbours)) ? neighbours : undefined;
}

export function isReadable(
  context: Pick<NightContext, 'workspace'>,
  { artifact, artifactSha256 }: ModelVersion,
): Promise<boolean> {
  return canLoad(context, { file: artifact, sha256: artifactSha256 });
}

async function canLoad({ workspace }: Pick<NightContext, 'workspace'>, model: TrainedFile): Promise<boolean> {
  try {
    await workspace.load(model);
    return true;
  } catch (error) {
    if (isUnreadableArtifact(error)) return false;
    throw error;
  }
}
