import {
  buildPurchases,
  commercialFeatures,
  InteractionKind,
  Part,
  prepareDataset,
  strengthDefaults,
  type CommercialFeatures,
  type Csr,
  type EventColumns,
  type Executor,
  type PreparedDataset,
} from '#libs/algorithms';
import type { PipelineTemplate } from '#libs/domain';
import type { NightContext, StageResult } from '../night-context.js';
import type { Snapshot } from '../snapshot/snapshot.js';
import type { SavedArtifact } from '../workspace/run-workspace.js';
import type { SnapshotOutput } from './snapshot.stage.js';

export const SEGMENT_NAMES = ['new', 'loyal'] as const;

/** What training and evaluation work on. */
export interface Prepared {
  readonly dataset: PreparedDataset;
  /** Customers × products of everything known tonight, held-out rows included: what the lists are ranked from. */
  readonly histories: Csr;
  /** Decayed popularity over everything known tonight, per product. */
  readonly popularity: Float32Array;
  /** Customers × products bought: in the training part, and in all. Rankings leave them out where repeats are not wanted. */
  readonly purchasedInTraining: Csr;
  readonly purchased: Csr;
  /** What re-ranking knows of customers and products, from everything known tonight. */
  readonly features: CommercialFeatures;
  /** Index into SEGMENT_NAMES per customer. */
  readonly segmentOfCustomer: Uint8Array;
}

export interface PrepareOutput {
  readonly prepared: SavedArtifact;
  readonly holdoutFrom: string;
  readonly trainingPairs: number;
  readonly calibrationPairs: number;
  readonly holdoutPairs: number;
}

/** Turns events into preference strengths, a holdout that no training sees, and sparse matrices. */
export async function prepareStage(context: NightContext): Promise<StageResult> {
  const { template, workspace, executor } = context;
  const snapshotOutput = context.output<SnapshotOutput>('snapshot');
  const snapshot = await workspace.load<Snapshot>(snapshotOutput.snapshot);
  const windowStartSeconds = await holdoutStart(context, snapshot.watermarkSeconds);
  const prepared = await context.numerics('prepare', () =>
    prepareNight(snapshot, template, windowStartSeconds, executor, context.progress),
  );
  const { training, calibrationTargets, holdoutTargets } = prepared.dataset;
  const output: PrepareOutput = {
    prepared: await workspace.save('prepare', prepared),
    holdoutFrom: new Date(windowStartSeconds * 1000).toISOString(),
    trainingPairs: training.byCustomer.indices.length,
    calibrationPairs: calibrationTargets.customer.length,
    holdoutPairs: holdoutTargets.customer.length,
  };
  return { output };
}

/** @param windowStartSeconds older rows are held out by nobody */
export async function prepareNight(
  { events, prices, watermarkSeconds }: Pick<Snapshot, 'events' | 'prices' | 'watermarkSeconds'>,
  template: PipelineTemplate,
  windowStartSeconds: number,
  executor: Executor,
  onProgress: (share: number) => void = () => undefined,
): Promise<Prepared> {
  const { halfLifeDays, popularityHalfLifeDays, holdoutShare, calibrationShare } = template;
  const trainingSet = { nowSeconds: watermarkSeconds, halfLifeDays, popularityHalfLifeDays };
  const split = { holdoutShare, calibrationShare, windowStartSeconds };
  const strength = strengthDefaults;
  const dataset = await prepareDataset(events, { strength, split, trainingSet }, executor);
  const { parts } = dataset;
  if (parts === undefined) throw new Error('A dataset that was split knows the part of each event.');
  onProgress(0.5);
  const whole = await prepareDataset(events, { strength, split: undefined, trainingSet }, executor);
  return {
    dataset,
    histories: whole.training.byCustomer,
    popularity: whole.training.popularity,
    purchasedInTraining: buildPurchases(events, parts),
    purchased: buildPurchases(events, undefined),
    features: commercialFeatures(events, prices, watermarkSeconds),
    segmentOfCustomer: newOrLoyal(events, parts),
  };
}

/** Never before the champion's own window: older rows may have taught it. */
async function holdoutStart(context: NightContext, watermarkSeconds: number): Promise<number> {
  const start = watermarkSeconds - context.template.holdoutWindowDays * 86_400;
  const pointer = await context.registry.pointer(context.tenant.id);
  if (pointer === undefined) return start;
  const champion = await context.registry.find(context.tenant.id, pointer.modelVersion);
  return Math.max(start, (champion?.holdoutFrom.getTime() ?? 0) / 1000);
}

/** Loyal: bought on at least two days, as far as training knows. */
function newOrLoyal(events: EventColumns, parts: Uint8Array): Uint8Array {
  const firstDay = new Int32Array(events.customerCount).fill(-1);
  const segments = new Uint8Array(new SharedArrayBuffer(events.customerCount));
  for (let row = 0; row < events.count; row++) {
    const customer = events.customer[row];
    if (customer < 0 || events.kind[row] !== InteractionKind.purchase || parts[row] !== Part.train) continue;
    const day = Math.floor(events.timeSeconds[row] / 86_400);
    if (firstDay[customer] < 0) firstDay[customer] = day;
    else if (firstDay[customer] !== day) segments[customer] = 1;
  }
  return segments;
}
