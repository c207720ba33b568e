import { transpose } from '../../dataset/csr.js';
import { sharedFloat64 } from '../../parallel/shared-arrays.js';
import type { Algorithm, Model } from '../algorithm.js';
import type { ModelFile } from '../model-file.js';
import { readModelFile, writeModelFile } from '../model-file.js';
import { defaultsOf, validateParameters } from '../parameters.js';
import { estimateNeighbourBytes, findNeighbours } from '../product-neighbours/find-neighbours.js';
import { keepLargest } from '../product-neighbours/keep-largest.js';
import type { HistoryWeighing } from '../product-neighbours/product-neighbours-model.js';
import { ProductNeighboursModel } from '../product-neighbours/product-neighbours-model.js';
import { stackBaskets } from '../product-neighbours/stack-baskets.js';
import { degreePowers, normaliseRows, transitionPowers } from './rp3beta-kernels.js';
import type { Rp3BetaParams } from './rp3beta-parameters.js';
import { RP3BETA_PARAMETERS } from './rp3beta-parameters.js';

export const RP3BETA_NAME = 'rp3beta';

/** The first step: p_ui^α over the customer's history, p_ui = v_i^valueExponent / Σ_k v_k^valueExponent. */
function firstStep({ alpha, valueExponent }: Rp3BetaParams): HistoryWeighing {
  return (weights, values) => {
    let sum = 0;
    for (let i = 0; i < values.length; i++) {
      weights[i] = values[i] > 0 ? values[i] ** valueExponent : 0;
      sum += weights[i];
    }
    for (let i = 0; i < values.length; i++) weights[i] = weights[i] > 0 ? (weights[i] / sum) ** alpha : 0;
  };
}

export function openRp3Beta(file: ModelFile): Model {
  return new ProductNeighboursModel<Rp3BetaParams>(file, firstStep(file.params as Rp3BetaParams));
}

/**
 * RP³β: a walk of three steps from the customer over the graph of customers (and orders) and products, less popular
 * products favoured: score_j = Σ_{i ∈ history} p_ui^α · w_ij, w_ij = Σ_b p_ib^α p_bj^α / d_j^β, of which the N largest
 * are kept for each i and then, once rows are normalised, the N largest for each j: without the second cut a popular
 * product, which many walks end at, collects weight from everywhere.
 * Source: Paudel, Christoffel, Newell and Bernstein, "Updatable, accurate, diverse, and scalable recommendations for
 * interactive applications" (2017): P³α and its re-ranking by d_j^β; α, both cuts and the rows' normalisation as in
 * Ferrari Dacrema, Cremonesi and Jannach (2019). The step back to the own product (i = j) is left out, as there.
 */
export const rp3beta: Algorithm<Rp3BetaParams> = {
  name: RP3BETA_NAME,
  parameters: RP3BETA_PARAMETERS,
  defaults: defaultsOf<Rp3BetaParams>(RP3BETA_PARAMETERS),
  validate: (params) => validateParameters<Rp3BetaParams>(RP3BETA_PARAMETERS, params),
  // The graph both ways, and the probabilities of its steps.
  estimateMemoryBytes: (shape, { neighbours }) => estimateNeighbourBytes(shape, neighbours, 3),
  async fit(data, params, { executor, onProgress }) {
    const valid = rp3beta.validate(params);
    const { alpha, beta, neighbours, orderWeight } = valid;
    // √ of the square: an edge to an order weighs orderWeight.
    const weights = { ...valid, orderWeight: orderWeight ** 2, rowLengthExponent: 0 };
    const graph = stackBaskets(data.byCustomer, data.orders, weights);
    const byProduct = transpose(graph);
    const walk = {
      left: transitionPowers(byProduct, alpha),
      right: transitionPowers(graph, alpha),
      denominator: 'product' as const,
      leftScales: sharedFloat64(data.productCount).fill(1),
      rightScales: degreePowers(byProduct, beta),
      shrinkage: 0,
    };
    const ends = await findNeighbours({ ...walk, neighbours }, executor);
    onProgress?.(0.9);
    if (valid.rows === 'sum-to-one') normaliseRows(ends);
    // Turned round to look at the ends, and back.
    const {
      offsets,
      indices: targets,
      values: similarities,
    } = transpose(keepLargest(transpose(ends), neighbours));
    const bytes = writeModelFile(RP3BETA_NAME, valid, data.productCount, { offsets, targets, similarities });
    onProgress?.(1);
    return openRp3Beta(readModelFile(bytes, false));
  },
};
