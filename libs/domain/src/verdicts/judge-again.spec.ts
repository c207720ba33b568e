import type { StoredVerdict } from '../registry/model-registry.repository.js';
import { PIPELINE_TEMPLATE } from '../template/pipeline-template.js';
import { judgeAgain } from './judge-again.js';
import { decideVerdict, type VerdictEvidence } from './verdict.js';

const GATE = PIPELINE_TEMPLATE.gate;
// The ranking may be worse by 0.012 of 0.2, which is 6 %; 5 % are allowed.
const EVIDENCE: VerdictEvidence = {
  lane: 'refresh',
  reference: { algorithm: 'hybrid', rmse: 1, ndcg10: 0.2, coverage10: 0.5 },
  challenger: { algorithm: 'hybrid', rmse: 0.98, ndcg10: 0.195, coverage10: 0.45 },
  customers: 400,
  rows: 2_000,
  rmse: { difference: -0.02, low: -0.03, high: -0.01 },
  ndcg10: { difference: -0.005, low: -0.012, high: 0.002 },
};

function stored(evidence = EVIDENCE, gate = GATE): StoredVerdict {
  const { lane, promoted, reasonCode, sentence, ...numbers } = decideVerdict(evidence, gate);
  const written = JSON.parse(JSON.stringify(numbers));
  const ids = { runId: 'r', championVersion: 1, challengerVersion: 2, createdAt: new Date() };
  return { ...ids, lane, promoted, reasonCode, sentence, numbers: written };
}

it('comes to the opposite on the same numbers when the margin is moved over them', () => {
  expect(stored().reasonCode).toBe('rankingWorse');
  expect(judgeAgain(stored(), { ...GATE, ndcgMargin: 0.07 })).toMatchObject({
    challengerVersion: 2,
    before: { promoted: false, sentence: expect.stringContaining('lower in the list') },
    after: { promoted: true, sentence: expect.stringContaining('takes over') },
  });
  expect(judgeAgain(stored(), { ...GATE, ndcgMargin: 0.059 })?.after.promoted).toBe(false);
  expect(judgeAgain(stored(), { ...GATE, ndcgMargin: 1, minimumCustomers: 401 })?.after).toMatchObject({
    promoted: false,
    sentence: expect.stringContaining('Too little'),
  });
});

it('says the same as before under the same gate', () => {
  const { before, after } = judgeAgain(stored(), GATE)!;
  expect(after).toEqual(before);
});

it('does not guess: another confidence has other intervals, and some verdicts were about no numbers', () => {
  expect(judgeAgain(stored(), { ...GATE, confidence: 0.9 })).toBeUndefined();
  expect(judgeAgain({ ...stored(), reasonCode: 'superseded' }, GATE)).toBeUndefined();
  expect(judgeAgain({ ...stored(), reasonCode: 'noNewData' }, GATE)).toBeUndefined();
  expect(judgeAgain({ ...stored(), numbers: {} }, GATE)).toBeUndefined();
});

it('reads a number that could not be measured as it was stored', () => {
  const blind = { ...EVIDENCE, rmse: { difference: Number.NaN, low: Number.NaN, high: Number.NaN } };
  expect(judgeAgain(stored(blind), GATE)?.after.promoted).toBe(false);
});
