import { loadModel } from '#libs/algorithms';
import { encodeArtifact, type ListWriter } from '#libs/domain';
import {
  buildProductColumns,
  CATALOGUE_PART,
  encodeProfile,
  INSIGHTS_PART,
  MODEL_PART,
  NEIGHBOURS_PART,
  customerViewOf,
  type Catalogue,
  type StoredModel,
} from '#libs/serving';
import { buildInsights } from '../insights/build-insights.js';
import type { NightContext } from '../night-context.js';
import type { Snapshot } from '../snapshot/snapshot.js';
import type { Prepared } from './prepare.stage.js';
import { productMapOf } from './score-models.js';
import { neighboursIn, type ModelPackage, type TrainOutput } from './train.stage.js';

const NEIGHBOURS = 'item-cf';

export function catalogueOf(
  snapshot: Snapshot,
  prepared: Prepared,
  sold: Uint8Array,
  repeatPurchases: boolean,
): Catalogue {
  const { names, categories, brands, tags } = snapshot;
  return {
    columns: buildProductColumns(prepared.features, snapshot),
    ...{ names, categories, brands, tags, sold, repeatPurchases },
    popularity: prepared.popularity,
  };
}

/** What a request computes with, in the same file as the lists: they can only be changed together. */
export async function putParts(
  context: NightContext,
  writer: ListWriter,
  snapshot: Snapshot,
  prepared: Prepared,
  catalogue: Catalogue,
  winner: ModelPackage,
): Promise<void> {
  writer.putPart(CATALOGUE_PART, bytesOf(catalogue));
  // A run that older code has prepared knows less of prices: its lists come without.
  if ((prepared.features.elasticity.error as Float32Array | undefined) !== undefined) {
    const insights = await context.numerics('rank', () =>
      Promise.resolve(buildInsights(snapshot, prepared.features)),
    );
    writer.putPart(INSIGHTS_PART, bytesOf(insights));
  }
  writer.putPart(MODEL_PART, bytesOf(storedModel(winner, snapshot)));
  const neighbours = await neighboursOf(context, winner);
  if (neighbours !== undefined) writer.putPart(NEIGHBOURS_PART, bytesOf(storedModel(neighbours, snapshot)));
}

export function putProfiles(writer: ListWriter, snapshot: Snapshot, { features, histories }: Prepared): void {
  const { offsets, indices, values } = histories;
  const { tier, scores } = features.value;
  snapshot.customerIds.forEach((customerId, customer) => {
    const [start, end] = [offsets[customer], offsets[customer + 1]];
    const traitsJson = snapshot.traits[customer];
    if (start === end && traitsJson === null) return;
    const rfm = [scores[3 * customer], scores[3 * customer + 1], scores[3 * customer + 2]] as const;
    writer.putProfile(
      customerId,
      encodeProfile({
        ...customerViewOf(features, customer),
        loyaltyTier: tier[customer],
        rfm: [...rfm],
        history: { products: indices.subarray(start, end), values: values.subarray(start, end) },
        traitsJson,
      }),
    );
  });
}

/** What is bought together, where the promoted model does not know it itself and the night has learnt it. */
async function neighboursOf(context: NightContext, winner: ModelPackage): Promise<ModelPackage | undefined> {
  if (loadModel(winner.model).components.includes(NEIGHBOURS)) return undefined;
  const saved = neighboursIn(context.output<TrainOutput>('train'));
  return saved && (await context.workspace.load<ModelPackage>(saved));
}

function storedModel(modelPackage: ModelPackage, snapshot: Snapshot): StoredModel {
  return { productMap: productMapOf(modelPackage, snapshot) ?? null, model: modelPackage.model };
}

function bytesOf(value: object): Uint8Array {
  return Buffer.concat([...encodeArtifact(value)]);
}
