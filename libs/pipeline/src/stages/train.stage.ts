import type { AlgorithmName, Model } from '#libs/algorithms';
import type { NightContext, StageResult } from '../night-context.js';
import type { Snapshot } from '../snapshot/snapshot.js';
import type { SavedArtifact } from '../workspace/run-workspace.js';
import type { Prepared, PrepareOutput } from './prepare.stage.js';
import { fitRecipe, isPlainHybrid, recipesOf } from './recipes.js';
import type { SnapshotOutput } from './snapshot.stage.js';
import { tuneRecipe, type Tuning } from './tune-recipe.js';

/** A model with the products that its indices stand for: a file that needs nothing else. */
export interface ModelPackage {
  readonly algorithm: string;
  readonly productIds: readonly string[];
  readonly model: Uint8Array;
}

export interface TrainedModel extends SavedArtifact {
  readonly params: Readonly<Record<string, unknown>>;
  readonly seconds: number;
}

export type TrainOutput =
  | {
      readonly models: Readonly<Partial<Record<AlgorithmName, TrainedModel>>>;
      readonly tuning?: Tuning;
    }
  | { readonly skipped: string };

export async function trainStage(context: NightContext): Promise<StageResult> {
  const snapshotOutput = context.output<SnapshotOutput>('snapshot');
  // Asked again: a freeze or a switch-off since the night began counts from now on.
  const state = await context.registry.lifecycle(context.tenant.id);
  if (state === 'off') return { output: {}, ends: 'off' };
  if (state === 'frozen' || snapshotOutput.frozen)
    return { output: { skipped: 'frozen' } satisfies TrainOutput };
  const { workspace, executor, run, template } = context;
  const recipes = recipesOf(template);
  const { prepared } = context.output<PrepareOutput>('prepare');
  const { productIds, attributes } = await workspace.load<Snapshot>(snapshotOutput.snapshot);
  const training = { ...(await workspace.load<Prepared>(prepared)).dataset.training, attributes };
  const tuned = await tuneRecipe(context, training);
  const ownParams = tuned?.params ?? template.recipe.params;
  const models: Partial<Record<AlgorithmName, TrainedModel>> = {};
  const fitted: Partial<Record<AlgorithmName, Model>> = {};
  for (const [index, name] of recipes.entries()) {
    const startedAt = performance.now();
    const report = (share: number) => context.progress((index + share) / recipes.length);
    const fitContext = { seed: run.seed, executor, onProgress: report };
    const params = name === template.recipe.algorithm ? ownParams : {};
    const model = await fitRecipe(name, params, training, fitted, fitContext);
    fitted[name] = model;
    // The plain hybrid only combines what was trained before it: its time is theirs as well.
    const parts = isPlainHybrid(name, params)
      ? Object.values(models).reduce((sum, part) => sum + part.seconds, 0)
      : 0;
    const seconds = parts + (performance.now() - startedAt) / 1000;
    const modelPackage: ModelPackage = { algorithm: name, productIds, model: model.serialize() };
    const saved = await workspace.saveAs(workspace.modelFile(name), modelPackage);
    models[name] = { ...saved, params: { ...model.params } as Record<string, unknown>, seconds };
    report(1);
  }
  return { output: { models, tuning: tuned?.tuning } satisfies TrainOutput };
}
