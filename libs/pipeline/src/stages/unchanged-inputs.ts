import { createHash } from 'node:crypto';
import { isUnreadableArtifact, type ModelVersion } from '#libs/domain';
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
 * Whether tonight's training was made and judged already, and what it left in service serves still. A champion that cannot be
 * read has to be replaced, so the night trains.
 * @returns the run that did it
 */
export async function judgedBefore(context: NightContext, inputs: string): Promise<string | undefined> {
  const { registry, tenant } = context;
  const last = await registry.lastJudged(tenant.id);
  if (last?.inputs !== inputs) return undefined;
  const pointer = await registry.pointer(tenant.id);
  if (pointer?.modelVersion !== last.version) return undefined;
  const champion = await registry.find(tenant.id, pointer.modelVersion);
  return champion !== undefined && (await isReadable(context, champion)) ? last.runId : undefined;
}

export async function isReadable(
  { workspace }: Pick<NightContext, 'workspace'>,
  { artifact, artifactSha256 }: ModelVersion,
): Promise<boolean> {
  try {
    await workspace.load({ file: artifact, sha256: artifactSha256 });
    return true;
  } catch (error) {
    if (isUnreadableArtifact(error)) return false;
    throw error;
  }
}
