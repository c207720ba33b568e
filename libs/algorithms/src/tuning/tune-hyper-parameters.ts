import { algorithmNamed } from '../models/registry.js';
import type { HybridParams } from '../models/hybrid/hybrid-parameters.js';
import type { Params } from './search-space.js';
import type { Trial, TuneRequest, TuneResult } from './tune-with-halving.js';
import { tuneWithHalving } from './tune-with-halving.js';

type GivenParts = Readonly<Record<string, Params>>;

/**
 * Tunes by the algorithm's kind. A hybrid is tuned part by part, each with an equal share of the budget that is left, and
 * its weights are learnt when it is fitted (unless weights were given): searching all parts' parameters at once would
 * take a random search far too long, and a part that is better alone rarely makes a worse hybrid. The trials of a part
 * are those of a hybrid of that part alone.
 * @throws AlgorithmRangeError PARAMETER_INVALID
 */
export async function tuneHyperParameters(request: TuneRequest): Promise<TuneResult> {
  return request.algorithm.name === 'hybrid' ? tuneHybrid(request) : tuneWithHalving(request);
}

async function tuneHybrid(request: TuneRequest): Promise<TuneResult> {
  const { algorithm, params: given = {}, clock, previousTrials = [], memoryLimitBytes, onTrial } = request;
  const start = algorithm.validate(given) as HybridParams;
  const givenParts = (given.parts ?? {}) as GivenParts;
  const deadline = clock() + request.budgetSeconds;
  const names = Object.keys(start.parts);
  const parts: Record<string, object> = {};
  const trials: Trial[] = [];
  for (const [index, name] of names.entries()) {
    const asHybrid = (trial: Trial): Trial => ({ ...trial, params: { parts: { [name]: trial.params } } });
    const { best, trials: tried } = await tuneWithHalving({
      ...request,
      algorithm: algorithmNamed(name),
      params: withoutWeight(givenParts[name] ?? {}),
      budgetSeconds: Math.max(0, deadline - clock()) / (names.length - index),
      previousTrials: trialsOfPart(previousTrials, name),
      // A hybrid holds all of its parts, each twice (`createHybrid`).
      memoryLimitBytes: memoryLimitBytes && memoryLimitBytes / (2 * names.length),
      onTrial: (trial) => onTrial?.(asHybrid(trial)),
    });
    parts[name] = { ...best, weight: start.parts[name].weight };
    trials.push(...tried.map(asHybrid));
  }
  const areGiven = Object.values(givenParts).some((part) => Object.hasOwn(part, 'weight'));
  const weighting = given.weighting ?? (areGiven ? 'given' : 'learned');
  return { best: algorithm.validate({ ...given, weighting, parts }), trials };
}

function withoutWeight(part: Params): Params {
  return Object.fromEntries(Object.entries(part).filter(([name]) => name !== 'weight'));
}

function trialsOfPart(trials: readonly Trial[], name: string): Trial[] {
  return trials.flatMap((trial) => {
    const { parts = {} } = trial.params as { parts?: Readonly<Record<string, object>> };
    return Object.hasOwn(parts, name) ? [{ ...trial, params: parts[name] }] : [];
  });
}
