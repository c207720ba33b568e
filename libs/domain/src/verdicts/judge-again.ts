import type { StoredVerdict } from '../registry/model-registry.repository.js';
import type { GateSettings } from '../template/gate-settings.js';
import { decideVerdict, type VerdictEvidence } from './verdict.js';

/** A comparison that was made, and what it would have come to under another gate. */
export interface JudgedAgain {
  readonly runId: string;
  readonly lane: string;
  readonly challengerVersion: number;
  readonly before: { readonly promoted: boolean; readonly sentence: string };
  readonly after: { readonly promoted: boolean; readonly sentence: string };
}

const WITHOUT_COMPARISON = ['superseded', 'noNewData'];

/**
 * The same numbers under another gate. Undefined where they cannot tell: with another confidence the intervals would be others, and
 * some verdicts were not about the numbers.
 */
export function judgeAgain(verdict: StoredVerdict, gate: GateSettings): JudgedAgain | undefined {
  const { runId, lane, challengerVersion, promoted, sentence, reasonCode, numbers } = verdict;
  const { evidence, gate: judgedBy } = numbers as { evidence?: VerdictEvidence; gate?: GateSettings };
  if (evidence === undefined || judgedBy?.confidence !== gate.confidence) return undefined;
  if (WITHOUT_COMPARISON.includes(reasonCode)) return undefined;
  const again = decideVerdict(evidence, gate);
  const after = { promoted: again.promoted, sentence: again.sentence };
  return { runId, lane, challengerVersion, before: { promoted, sentence }, after };
}
