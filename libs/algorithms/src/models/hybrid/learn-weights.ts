import { holdOutPairs } from '../../dataset/hold-out-pairs.js';
import type { PairTargets } from '../../dataset/pair-targets.js';
import type { TrainingSet } from '../../dataset/training-set.js';
import { cutRows } from '../../kernels/row-blocks.js';
import type { FitContext, Model } from '../algorithm.js';
import { sharedInt32 } from '../../parallel/shared-arrays.js';
import type { HybridParams } from './hybrid-parameters.js';
import { WeightObjective } from './weight-objective.js';
import { searchWeights } from './search-weights.js';

const HELD_OUT_SHARE = 0.2;
const MAXIMUM_CUSTOMERS = 2000;
const CANDIDATES_PER_PART = 100;
const BLOCK_SCORES = 2e6;

/** Candidates of consecutive customers: customer q has entries offsets[q] … offsets[q + 1] - 1. */
export interface Candidates {
  readonly offsets: Int32Array;
  readonly products: Int32Array;
  /** 1 = held out, so to be found. */
  readonly relevant: Uint8Array;
  /** entries × parts: normalised scores. */
  readonly scores: Float32Array;
}

function customersIn({ customer }: PairTargets): Int32Array {
  const distinct = [...new Set(customer)];
  const customers = sharedInt32(distinct.length);
  customers.set(distinct);
  return customers;
}

/**
 * Weights that maximise NDCG@10 on held-out pairs: the parts are fitted on the rest, their normalised scores kept for the
 * products that could come to the top, and the weights searched over the simplex on those. Deterministic in data,
 * parameters and seed. With nothing to hold out the weights given come back.
 * @param fit fits the parts, in the order of `params.parts`
 */
export async function learnWeights(
  data: TrainingSet,
  params: HybridParams,
  fit: (data: TrainingSet, params: HybridParams) => Promise<Model[]>,
  { seed, executor }: FitContext,
): Promise<Record<string, number>> {
  const names = Object.keys(params.parts);
  const given = Object.values(params.parts).map(({ weight }) => weight);
  const options = { share: HELD_OUT_SHARE, maxCustomers: MAXIMUM_CUSTOMERS, seed };
  const { rest, targets, heldOut } = holdOutPairs(data, options);
  const customers = customersIn(targets);
  let learned: readonly number[] = given;
  if (customers.length > 0 && names.length > 1) {
    const models = await fit(rest, params);
    const shared = {
      models: models.map((model) => model.serialize()),
      normalisation: params.normalisation,
      histories: rest.byCustomer,
      heldOut,
      perPart: CANDIDATES_PER_PART,
      customers,
    };
    const cost = () => names.length * (data.productCount + 1);
    const blocks = cutRows(customers.length, cost, BLOCK_SCORES);
    const candidates = await executor.map(
      'hybrid-candidates',
      blocks.map((block) => ({ ...shared, ...block })),
    );
    learned = searchWeights(new WeightObjective(candidates, names.length), given, seed);
  }
  return Object.fromEntries(names.map((name, c) => [name, learned[c]]));
}
