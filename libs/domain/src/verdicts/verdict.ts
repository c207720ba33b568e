import type { GateSettings } from '../template/gate-settings.js';

/**
 * first: no champion yet, the reference is popularity's ranking; refresh: same recipe, newer data, must not be worse;
 * change: a new recipe, must be better by a margin that the interval supports.
 */
export const VERDICT_LANES = ['first', 'refresh', 'change'] as const;
export type VerdictLane = (typeof VERDICT_LANES)[number];

/** One model on the night's held-out rows. */
export interface ModelScore {
  readonly algorithm: string;
  readonly rmse: number;
  readonly ndcg10: number;
  readonly coverage10: number;
}

/** Challenger minus reference, with a bootstrap interval clustered by customer. */
export interface Difference {
  readonly difference: number;
  readonly low: number;
  readonly high: number;
}

export interface VerdictEvidence {
  readonly lane: VerdictLane;
  readonly reference: ModelScore;
  readonly challenger: ModelScore;
  /** Held-out customers and rows that both were scored on. */
  readonly customers: number;
  readonly rows: number;
  readonly rmse: Difference;
  readonly ndcg10: Difference;
}

export type VerdictReason =
  | 'better'
  | 'notWorse'
  | 'notEnoughEvidence'
  | 'rmseWorse'
  | 'rmseNotBetterEnough'
  | 'rankingWorse'
  | 'coverageWorse'
  | 'popularityNotBeaten'
  | 'noNewData'
  | 'superseded';

export interface Guardrail {
  readonly name: 'ndcg10' | 'coverage10';
  /** What was measured and the least that passes, in the metric's own unit. */
  readonly value: number;
  readonly bound: number;
  readonly passed: boolean;
}

export interface Verdict {
  readonly lane: VerdictLane;
  readonly promoted: boolean;
  readonly reasonCode: VerdictReason;
  readonly sentence: string;
  readonly evidence: VerdictEvidence;
  readonly guardrails: readonly Guardrail[];
  readonly gate: GateSettings;
}

/** Whether the challenger replaces the reference, and why: ADR 3. */
export function decideVerdict(evidence: VerdictEvidence, gate: GateSettings): Verdict {
  const guardrails = evidence.lane === 'first' ? [] : guardrailsOf(evidence, gate);
  const reasonCode = reasonOf(evidence, guardrails, gate);
  const promoted = reasonCode === 'better' || reasonCode === 'notWorse';
  return {
    lane: evidence.lane,
    promoted,
    reasonCode,
    sentence: sentenceOf(evidence, reasonCode),
    evidence,
    guardrails,
    gate,
  };
}

/**
 * The verdict on a model that was retrained into the very bytes of the champion: a second number for one model would only hide
 * that nothing has happened. `since` is the newest moment in the data that the champion saw.
 */
export function unchangedVerdict(verdict: Verdict, since: Date, timeZone: string): Verdict {
  const day = since.toLocaleDateString('en-GB', { timeZone, day: 'numeric', month: 'long', year: 'numeric' });
  const name =
    ALGORITHM_WORDS[verdict.evidence.challenger.algorithm] ?? verdict.evidence.challenger.algorithm;
  const sentence = `There is nothing new to learn from since ${day}: retrained tonight, the ${name} came out exactly as it was, so the model in service stays.`;
  return { ...verdict, promoted: false, reasonCode: 'noNewData', sentence };
}

function guardrailsOf(evidence: VerdictEvidence, gate: GateSettings): Guardrail[] {
  const ndcgBound = -gate.ndcgMargin * evidence.reference.ndcg10;
  const coverageBound = (1 - gate.coverageMargin) * evidence.reference.coverage10;
  const { low } = evidence.ndcg10;
  const coverage = evidence.challenger.coverage10;
  return [
    { name: 'ndcg10', value: low, bound: ndcgBound, passed: low >= ndcgBound },
    { name: 'coverage10', value: coverage, bound: coverageBound, passed: coverage >= coverageBound },
  ];
}

function reasonOf(
  evidence: VerdictEvidence,
  guardrails: readonly Guardrail[],
  gate: GateSettings,
): VerdictReason {
  // Written so that a NaN anywhere keeps the champion.
  const enough = evidence.customers >= gate.minimumCustomers && evidence.rows >= gate.minimumRows;
  if (!enough || !isMeasured(evidence)) return 'notEnoughEvidence';
  if (evidence.lane === 'first') return evidence.ndcg10.low > 0 ? 'better' : 'popularityNotBeaten';
  if (evidence.lane === 'refresh') {
    if (!(evidence.rmse.high <= gate.refreshMargin * evidence.reference.rmse)) return 'rmseWorse';
  } else {
    const gained = -evidence.rmse.difference >= gate.changeMinimumEffect * evidence.reference.rmse;
    if (!(gained && evidence.rmse.high < 0)) return 'rmseNotBetterEnough';
  }
  if (!guardrails.every((guardrail) => guardrail.name !== 'ndcg10' || guardrail.passed))
    return 'rankingWorse';
  if (!guardrails.every((guardrail) => guardrail.passed)) return 'coverageWorse';
  return evidence.lane === 'refresh' ? 'notWorse' : 'better';
}

/** Whether every number that a verdict or its sentence rests on is there. */
function isMeasured({ rmse, ndcg10, challenger, reference }: VerdictEvidence): boolean {
  const intervals = [rmse, ndcg10].flatMap(({ difference, low, high }) => [difference, low, high]);
  const scores = [challenger, reference].flatMap((model) => [model.rmse, model.ndcg10, model.coverage10]);
  return [...intervals, ...scores].every(Number.isFinite);
}

const ALGORITHM_WORDS: Readonly<Record<string, string>> = {
  popularity: 'best-seller list',
  'item-cf': '“bought together” model',
  ials: 'taste model',
  'segmented-popularity': 'best-seller list by kind of customer',
  'user-cf': '“customers like you” model',
  rp3beta: '“bought together” walk model',
  ease: 'linear “goes with” model',
  slim: 'sparse “goes with” model',
  bpr: 'preference-order model',
  'biased-mf': 'rating model',
  svdpp: 'rating model with history',
  content: 'similarity model',
  hybrid: 'combined model',
};

function sentenceOf(evidence: VerdictEvidence, reason: VerdictReason): string {
  const { challenger, reference } = evidence;
  const name = ALGORITHM_WORDS[challenger.algorithm] ?? challenger.algorithm;
  const customers = `${evidence.customers.toLocaleString('en')} customers`;
  if (reason === 'superseded') return SUPERSEDED_SENTENCE;
  if (reason === 'notEnoughEvidence') {
    const so = evidence.lane === 'first' ? 'the best sellers are served' : 'nothing is replaced';
    return `Too little recent activity to judge by (${evidence.rows.toLocaleString('en')} held-back choices of ${customers}), so ${so}.`;
  }
  const accuracy = `prediction error ${number(challenger.rmse)} against ${number(reference.rmse)}`;
  const ranking = `ranking quality ${number(challenger.ndcg10)} against ${number(reference.ndcg10)}`;
  switch (reason) {
    case 'better':
      return evidence.lane === 'first'
        ? `The ${name} puts what customers really went for clearly higher than a plain best-seller list (${ranking}, ${customers}), so it serves from now on.`
        : `The new ${name} predicts clearly better than the model in service (${accuracy}, ${customers}) and ranks no worse, so it takes over.`;
    case 'notWorse':
      return `Retrained tonight, the ${name} is as good as before or better (${accuracy}, ${ranking}, ${customers}), so it takes over.`;
    case 'rmseWorse':
      return `The retrained ${name} could be worse than the model in service (${accuracy}, ${customers}), so the model in service stays.`;
    case 'rmseNotBetterEnough':
      return `The new ${name} is not clearly better than the model in service (${accuracy}, ${customers}), so the model in service stays.`;
    case 'rankingWorse':
      return `The new ${name} would put the right products lower in the list (${ranking}, ${customers}), so the model in service stays.`;
    case 'coverageWorse':
      return `The new ${name} would show far fewer different products (${share(challenger.coverage10)} of the range against ${share(reference.coverage10)}), so the model in service stays.`;
    case 'noNewData':
      return `Retrained tonight, the ${name} came out exactly as it was, so the model in service stays.`;
    case 'popularityNotBeaten':
      return `The ${name} does not rank clearly better than a plain best-seller list (${ranking}, ${customers}), so the best sellers are served.`;
  }
}

export const SUPERSEDED_SENTENCE =
  'While this night ran, somebody froze or switched off the recommender or chose another model, so nothing was replaced.';

function number(value: number): string {
  return value.toFixed(3);
}

function share(value: number): string {
  return `${(100 * value).toFixed(0)} %`;
}
