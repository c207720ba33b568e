import type { NightContext, StageResult } from '../night-context.js';
import { SnapshotBuilder } from '../snapshot/snapshot-builder.js';
import type { SavedArtifact } from '../workspace/run-workspace.js';

export interface SnapshotOutput {
  readonly snapshot: SavedArtifact;
  readonly interactions: number;
  readonly customers: number;
  readonly products: number;
  readonly watermark: string;
  /** Whether the tenant was frozen when the night began: then it only ranks. */
  readonly frozen: boolean;
}

/** Takes one consistent picture of the tenant's data out of Postgres. */
export async function snapshotStage(context: NightContext): Promise<StageResult> {
  const state = await context.registry.lifecycle(context.tenant.id);
  if (state === 'off') return { output: {}, ends: 'off' };
  const builder = new SnapshotBuilder(context.template.seed);
  await context.source.read(context.tenant.id, builder);
  const snapshot = builder.finish();
  if (snapshot.events.count === 0) return { output: { interactions: 0 }, ends: 'noData' };
  const output: SnapshotOutput = {
    snapshot: await context.workspace.save('snapshot', snapshot),
    interactions: snapshot.events.count,
    customers: snapshot.customerIds.length,
    products: snapshot.productIds.length,
    watermark: new Date(snapshot.watermarkSeconds * 1000).toISOString(),
    frozen: state === 'frozen',
  };
  return { output };
}
