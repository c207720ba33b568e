import { TopSelector } from '../kernels/top-selector.js';
import { openVerifiedModel } from '../models/registry.js';
import { sharedFloat64, sharedInt32, sharedUint8 } from '../parallel/shared-arrays.js';
import type { RankingScope } from '../ranking/customer-ranker.js';
import { CustomerRanker } from '../ranking/customer-ranker.js';
import type { Calibration } from './calibration.js';
import { applyCalibration } from './calibration.js';
import type { CustomerRows } from './customer-rows.js';
import { RANKING_METRICS, rankingMetricsInto } from './ranking-metrics.js';

/** Results for each evaluated customer q, written by the blocks into shared memory. */
export interface CustomerResults {
  readonly squaredErrorSum: Float64Array;
  readonly absoluteErrorSum: Float64Array;
  readonly rows: Int32Array;
  /** 1 where the customer has a relevant product to be found. */
  readonly isQuery: Uint8Array;
  /** q × (ks × RANKING_METRICS); meaningful for queries. */
  readonly metrics: Float64Array;
  /** q × longest k, -1 padded. */
  readonly lists: Int32Array;
}

export function allocateResults(customers: number, ks: readonly number[]): CustomerResults {
  return {
    squaredErrorSum: sharedFloat64(customers),
    absoluteErrorSum: sharedFloat64(customers),
    rows: sharedInt32(customers),
    isQuery: sharedUint8(customers),
    metrics: sharedFloat64(customers * ks.length * RANKING_METRICS.length),
    lists: sharedInt32(customers * Math.max(...ks)),
  };
}

export interface EvaluateTask {
  readonly model: Uint8Array;
  readonly scope: RankingScope;
  readonly rows: CustomerRows;
  readonly calibration: Calibration;
  readonly ks: readonly number[];
  readonly results: CustomerResults;
  readonly start: number;
  readonly end: number;
}

/** Evaluates customers start … end - 1 of `rows.customer`. */
export function runEvaluateCustomers(task: EvaluateTask): null {
  const evaluator = new BlockEvaluator(task);
  for (let q = task.start; q < task.end; q++) evaluator.evaluate(q);
  return null;
}

class BlockEvaluator {
  private readonly task: EvaluateTask;
  private readonly ranker: CustomerRanker;
  private readonly selector: TopSelector;
  /** Gain of each dataset product for the customer at hand; zero again after each. */
  private readonly gainOf: Float64Array;
  private readonly listScores: Float32Array;
  private readonly gains: Float64Array;

  constructor(task: EvaluateTask) {
    const longest = Math.max(...task.ks);
    this.task = task;
    this.ranker = new CustomerRanker(openVerifiedModel(task.model), task.scope);
    this.selector = new TopSelector(longest);
    this.gainOf = new Float64Array(task.scope.histories.columns);
    this.listScores = new Float32Array(longest);
    this.gains = new Float64Array(longest);
  }

  evaluate(q: number): void {
    this.ranker.scoreCustomer(this.task.rows.customer[q]);
    this.addErrors(q);
    this.rank(q);
  }

  private addErrors(q: number): void {
    const { rows, calibration, results } = this.task;
    let squared = 0;
    let absolute = 0;
    const add = (product: number, strength: number) => {
      const error = applyCalibration(calibration, this.ranker.scoreOf(product)) - strength;
      squared += error * error;
      absolute += Math.abs(error);
    };
    const { targets, negatives, targetOffsets, negativeOffsets } = rows;
    for (let i = targetOffsets[q]; i < targetOffsets[q + 1]; i++)
      add(targets.product[i], targets.strength[i]);
    for (let i = negativeOffsets[q]; i < negativeOffsets[q + 1]; i++)
      add(negatives.product[i], negatives.strength[i]);
    results.squaredErrorSum[q] = squared;
    results.absoluteErrorSum[q] = absolute;
    results.rows[q] = targetOffsets[q + 1] - targetOffsets[q] + negativeOffsets[q + 1] - negativeOffsets[q];
  }

  /**
   * Relevant are the held-out products that could be listed at all: sold still, and new to the customer if seen products
   * are excluded. A product that this model does not know stays relevant: not knowing it is the model's failure.
   */
  private relevantProducts(q: number): number[] {
    const { rows, scope } = this.task;
    const relevant: number[] = [];
    for (let i = rows.targetOffsets[q]; i < rows.targetOffsets[q + 1]; i++) {
      const product = rows.targets.product[i];
      if (scope.allowed[product] === 0) continue;
      if (this.ranker.isExcluded(rows.customer[q], product)) continue;
      relevant.push(product);
      this.gainOf[product] = rows.targets.strength[i];
    }
    return relevant;
  }

  private rank(q: number): void {
    const { rows, ks, results } = this.task;
    const longest = this.gains.length;
    const at = q * longest;
    const relevant = this.relevantProducts(q);
    results.lists.fill(-1, at, at + longest);
    if (relevant.length === 0) return;
    this.ranker.offerTo(this.selector, rows.customer[q]);
    const list = results.lists.subarray(at, at + longest);
    const listed = this.selector.drainInto(list, this.listScores, 0);
    for (let i = 0; i < longest; i++) this.gains[i] = i < listed ? this.gainOf[list[i]] : 0;
    const ideal = Float64Array.from(relevant, (product) => this.gainOf[product])
      .sort()
      .reverse();
    results.isQuery[q] = 1;
    rankingMetricsInto(results.metrics, q * ks.length * RANKING_METRICS.length, this.gains, ideal, ks);
    for (const product of relevant) this.gainOf[product] = 0;
  }
}
