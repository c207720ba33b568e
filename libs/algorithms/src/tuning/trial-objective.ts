import type { HeldOutPairs } from '../dataset/hold-out-pairs.js';
import { holdOutPairs, shuffledCustomers } from '../dataset/hold-out-pairs.js';
import { keepCustomers } from '../dataset/keep-customers.js';
import { emptyPairs } from '../dataset/pair-targets.js';
import type { TrainingSet } from '../dataset/training-set.js';
import { calibrateModel } from '../evaluation/calibrate-model.js';
import { evaluateLists } from '../evaluation/evaluate-lists.js';
import { evaluatePredictions, scaleOf } from '../evaluation/evaluate-predictions.js';
import type { Metric } from '../evaluation/metric.js';
import { isErrorKind, parseMetric } from '../evaluation/metric.js';
import { summariseQueries } from '../evaluation/query-values.js';
import type { Model } from '../models/algorithm.js';
import type { Executor } from '../parallel/executor.js';

/** One in three goes up a rung, and a rung has three times the customers of the one below. */
export const HALVING_FACTOR = 3;
const MAXIMUM_RUNGS = 3;
/** With fewer customers to learn from, what is good for all of them does not show. */
const MINIMUM_CUSTOMERS = 1000;
const ASKED_CUSTOMERS = 3000;
const HELD_OUT_SHARE = 0.2;
/** So small that one pair of each customer is held out: one hit more or less is what `hr` and `mrr` are about. */
const ONE_EACH = 1e-9;

/** 1 for metrics of which more is better, -1 for errors and for Gini. */
export function directionOf({ kind }: Metric): 1 | -1 {
  return isErrorKind(kind) || kind === 'gini' ? -1 : 1;
}

/**
 * What a configuration is judged by: a metric on held-out pairs of the training set, the same pairs on every rung. The
 * resource of a rung is a share of the customers to learn from. That fits every algorithm alike (sweeps or epochs would
 * leave out the neighbourhood models), costs and memory fall with it, and since models are item-side, all rungs can be
 * asked about the same customers, learnt from or not.
 */
export class TrialObjective {
  readonly metric: Metric;
  readonly rungs: number;
  private readonly held: HeldOutPairs;
  /** Customers in the order in which rungs take them. */
  private readonly order: Int32Array;
  private readonly samples = new Map<number, TrainingSet>();
  private readonly executor: Executor;

  /** @throws AlgorithmRangeError PARAMETER_INVALID for a metric that nobody knows */
  constructor(data: TrainingSet, metric: string, seed: number, executor: Executor) {
    this.metric = parseMetric(metric);
    const share = ['hr', 'mrr'].includes(this.metric.kind) ? ONE_EACH : HELD_OUT_SHARE;
    this.held = holdOutPairs(data, { share, maxCustomers: ASKED_CUSTOMERS, seed });
    this.order = shuffledCustomers(data.customerCount, seed);
    this.executor = executor;
    let rungs = 1;
    while (rungs < MAXIMUM_RUNGS && data.customerCount / HALVING_FACTOR ** rungs >= MINIMUM_CUSTOMERS)
      rungs++;
    this.rungs = rungs;
  }

  /** Whether there is anything to judge by. */
  get hasQueries(): boolean {
    return this.held.targets.customer.length > 0;
  }

  get direction(): 1 | -1 {
    return directionOf(this.metric);
  }

  /** What a trial on this rung learns from. */
  sample(rung: number): TrainingSet {
    const known = this.samples.get(rung);
    if (known !== undefined) return known;
    const { rest } = this.held;
    const count = Math.round(rest.customerCount / HALVING_FACTOR ** (this.rungs - 1 - rung));
    const sample = count < rest.customerCount ? keepCustomers(rest, this.order.slice(0, count).sort()) : rest;
    this.samples.set(rung, sample);
    return sample;
  }

  /** The metric's value; NaN if there is none. What `onProgress` throws ends it. */
  async score(model: Model, onProgress: () => void): Promise<number> {
    return isErrorKind(this.metric.kind) ? this.error(model) : this.listed(model, onProgress);
  }

  private async listed(model: Model, onProgress: () => void): Promise<number> {
    const { rest: training, heldOut: test } = this.held;
    const { metric, executor } = this;
    const values = await evaluateLists({ model, training, test, metrics: [metric], executor, onProgress });
    return summariseQueries(values)[metric.name];
  }

  /** Scores that are no values are calibrated on the very pairs asked for: the same small favour to every trial. */
  private async error(model: Model): Promise<number> {
    const { rest, targets } = this.held;
    const { executor } = this;
    const histories = rest.byCustomer;
    const request = { model: model.serialize(), histories, targets, negatives: emptyPairs(), executor };
    const calibration = model.predictsValues === true ? undefined : await calibrateModel(request);
    const scale = { ...scaleOf(histories), calibration };
    const { squared, absolute } = await evaluatePredictions(model, histories, targets, scale, executor);
    const mean = (errors: Float64Array) => errors.reduce((sum, error) => sum + error, 0) / errors.length;
    return this.metric.kind === 'rmse' ? Math.sqrt(mean(squared)) : mean(absolute);
  }
}
