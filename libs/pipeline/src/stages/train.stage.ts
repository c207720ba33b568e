import { algorithms, combineIntoHybrid, type AlgorithmName, type Model } from '#libs/algorithms';
import type { NightContext, StageResult } from '../night-context.js';
import type { Snapshot } from '../snapshot/snapshot.js';
import type { SavedArtifact } from '../workspace/run-workspace.js';
import type { Prepared, PrepareOutput } from './prepare.stage.js';
import type { SnapshotOutput } from './snapshot.stage.js';

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
  { readonly models: Readonly<Partial<Record<AlgorithmName, TrainedModel>>> } | { readonly skipped: string };

/** The recipes of the template; the hybrid is made of the other three. */
export const RECIPES = [
  'popularity',
  'item-cf',
  'ials',
  'hybrid',
] as const satisfies readonly AlgorithmName[];

export async function trainStage(context: NightContext): Promise<StageResult> {
  const snapshotOutput = context.output<SnapshotOutput>('snapshot');
  // Asked again: a freeze or a switch-off since the night began counts from now on.
  const state = await context.registry.lifecycle(context.tenant.id);
  if (state === 'off') return { output: {}, ends: 'off' };
  if (state === 'frozen' || snapshotOutput.frozen)
    return { output: { skipped: 'frozen' } satisfies TrainOutput };
  const { workspace, executor, run } = context;
  const { prepared } = context.output<PrepareOutput>('prepare');
  const { training } = (await workspace.load<Prepared>(prepared)).dataset;
  const { productIds } = await workspace.load<Snapshot>(snapshotOutput.snapshot);
  const models: Partial<Record<AlgorithmName, TrainedModel>> = {};
  const fitted: Partial<Record<AlgorithmName, Model>> = {};
  for (const [index, name] of RECIPES.entries()) {
    const startedAt = performance.now();
    const report = (share: number) => context.progress((index + share) / RECIPES.length);
    const model =
      name === 'hybrid'
        ? combineIntoHybrid(partsOf(fitted))
        : await algorithms[name].fit(training, paramsOf(name, productIds.length) as never, {
            seed: run.seed,
            executor,
            onProgress: report,
          });
    fitted[name] = model;
    // The hybrid only combines what was trained before it: its time is theirs as well.
    const parts = name === 'hybrid' ? Object.values(models).reduce((sum, part) => sum + part.seconds, 0) : 0;
    const seconds = parts + (performance.now() - startedAt) / 1000;
    const modelPackage: ModelPackage = { algorithm: name, productIds, model: model.serialize() };
    const saved = await workspace.saveAs(workspace.modelFile(name), modelPackage);
    models[name] = { ...saved, params: { ...model.params } as Record<string, unknown>, seconds };
    report(1);
  }
  return { output: { models } satisfies TrainOutput };
}

/** The template's parameters; more factors than products would only cost time (a telecom has 15 plans). */
function paramsOf(name: Exclude<AlgorithmName, 'hybrid'>, productCount: number): object {
  const { defaults } = algorithms[name];
  return 'factors' in defaults
    ? { ...defaults, factors: Math.min(defaults.factors, productCount) }
    : defaults;
}

function partsOf({ ials, popularity, 'item-cf': itemCf }: Partial<Record<AlgorithmName, Model>>): Model[] {
  if (ials === undefined || itemCf === undefined || popularity === undefined)
    throw new Error('The hybrid comes after its parts.');
  return [ials, itemCf, popularity];
}
