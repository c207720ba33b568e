import type { AlgorithmName, TrainingSet } from '#libs/algorithms';
import { NotEnoughMemoryError, type TrainedFile } from '#libs/domain';
import { megabytes } from '../megabytes.js';
import type { NightContext, StageResult } from '../night-context.js';
import type { Snapshot } from '../snapshot/snapshot.js';
import type { SavedArtifact } from '../workspace/run-workspace.js';
import { asMemoryError, checkFitMemory } from './fit-memory.js';
import type { Prepared, PrepareOutput } from './prepare.stage.js';
import { fitRecipe, isPlainHybrid, recipesOf, type FittedModels, type ModelParams } from './recipes.js';
import type { SnapshotOutput } from './snapshot.stage.js';
import { tuneRecipe, type Tuning } from './tune-recipe.js';
import { hashInputs, judgedBefore, knownNeighbours } from './unchanged-inputs.js';

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

/** Why a model of the night was not trained. */
export interface LeftOut {
  readonly code: string;
  readonly message: string;
}

export type TrainOutput =
  | {
      readonly models: Readonly<Partial<Record<AlgorithmName, TrainedModel>>>;
      readonly tuning?: Tuning;
      /** Models for which the worker has too little memory; the others and the champion are compared all the same. */
      readonly leftOut?: Readonly<Partial<Record<AlgorithmName, LeftOut>>>;
      /** See `hashInputs`; absent where a model was left out: with more memory the same data may bring another. */
      readonly inputs?: string;
    }
  | SkippedTraining;

/** Why nothing is trained: the champion ranks. */
export type SkippedTraining =
  | { readonly skipped: 'frozen' | 'promotion'; readonly neighbours?: TrainedFile }
  | {
      readonly skipped: 'unchanged';
      readonly inputs: string;
      /** The run that was trained on the same inputs, or found that as well. */
      readonly sameAs: string;
      readonly neighbours?: TrainedFile;
    };

/** What is bought together, as the last training learnt it: fills lists that the winner leaves short, and answers for baskets. */
export function neighboursIn(trained: TrainOutput): TrainedFile | undefined {
  if ('models' in trained) return trained.models['item-cf'];
  return trained.neighbours;
}

export async function trainStage(context: NightContext): Promise<StageResult> {
  const snapshotOutput = context.output<SnapshotOutput>('snapshot');
  // Asked again: a freeze or a switch-off since the night began counts from now on.
  const state = await context.registry.lifecycle(context.tenant.id);
  if (state === 'off') return { output: {}, ends: 'off' };
  const { promotesVersion } = context.run;
  if (promotesVersion !== undefined || state === 'frozen' || snapshotOutput.frozen)
    return {
      output: {
        skipped: promotesVersion === undefined ? 'frozen' : 'promotion',
        neighbours: await knownNeighbours(context),
      } satisfies TrainOutput,
    };
  const inputs = await hashInputs(context);
  const same = await judgedBefore(context, inputs);
  if (same !== undefined) {
    const { runId: sameAs, neighbours } = same;
    return { output: { skipped: 'unchanged', inputs, sameAs, neighbours } satisfies TrainOutput };
  }
  const { workspace, template } = context;
  const recipes = recipesOf(template);
  const { prepared } = context.output<PrepareOutput>('prepare');
  const { productIds, attributes } = await workspace.load<Snapshot>(snapshotOutput.snapshot);
  const training = { ...(await workspace.load<Prepared>(prepared)).dataset.training, attributes };
  const tuned = await context.numerics('train', () => tuneRecipe(context, training));
  const ownParams = tuned?.params ?? template.recipe.params;
  const night: Night = { training, productIds, models: {}, fitted: {} };
  const leftOut: Partial<Record<AlgorithmName, LeftOut>> = {};
  for (const [index, name] of recipes.entries()) {
    const report = (share: number) => context.progress((index + share) / recipes.length);
    const params = { ...template.params[name], ...(name === template.recipe.algorithm ? ownParams : {}) };
    try {
      await train(context, night, name, params, report);
    } catch (error) {
      const refusal = asMemoryError(error, `Fitting ${name}`);
      if (!(refusal instanceof NotEnoughMemoryError)) throw error;
      leftOut[name] = { code: refusal.code, message: refusal.message };
      context.warn(`${refusal.message} It is left out.`);
    }
    const made = night.models[name];
    if (made !== undefined)
      context.log(`Trained ${name} in ${made.seconds.toFixed(1)} s, ${megabytes(made.bytes)}.`);
    report(1);
  }
  requireChallenger(night, leftOut);
  const output: TrainOutput = { models: night.models, tuning: tuned?.tuning };
  return { output: Object.keys(leftOut).length === 0 ? { ...output, inputs } : { ...output, leftOut } };
}

/** What the night learns from, and what it has made so far. */
interface Night {
  readonly training: TrainingSet;
  readonly productIds: readonly string[];
  readonly models: Partial<Record<AlgorithmName, TrainedModel>>;
  readonly fitted: FittedModels;
}

/** @throws NotEnoughMemoryError; AlgorithmRangeError MEMORY_EXCEEDED */
async function train(
  { workspace, run, executor, numerics, fitMemoryBytes }: NightContext,
  { training, productIds, models, fitted }: Night,
  name: AlgorithmName,
  params: ModelParams,
  onProgress: (share: number) => void,
): Promise<void> {
  const startedAt = performance.now();
  checkFitMemory(name, params, training, fitted, fitMemoryBytes);
  const context = { seed: run.seed, executor, onProgress };
  const model = await numerics('train', () => fitRecipe(name, params, training, fitted, context));
  fitted[name] = model;
  // The plain hybrid only combines what was trained before it: its time is theirs as well.
  const parts = isPlainHybrid(name, params)
    ? Object.values(models).reduce((sum, part) => sum + part.seconds, 0)
    : 0;
  const seconds = parts + (performance.now() - startedAt) / 1000;
  const modelPackage: ModelPackage = { algorithm: name, productIds, model: model.serialize() };
  const saved = await workspace.saveAs(workspace.modelFile(name), modelPackage);
  models[name] = { ...saved, params: { ...model.params } as Record<string, unknown>, seconds };
}

/** With popularity alone there is nothing to judge: the run fails, and what was published before stays. */
function requireChallenger({ models }: Night, leftOut: Partial<Record<AlgorithmName, LeftOut>>): void {
  if (Object.keys(models).some((name) => name !== 'popularity')) return;
  throw new NotEnoughMemoryError(
    Object.values(leftOut)
      .map(({ message }) => message)
      .join(' '),
  );
}
