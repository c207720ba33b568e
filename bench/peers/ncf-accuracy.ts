import { readFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { Model, TrainingSet } from '#libs/algorithms';
import { algorithms } from '#libs/algorithms';
import { NCF_FOLDER } from './data-sets.ts';
import { readFloats } from './ials-to-loss.ts';
import type { Row, Seconds } from './measure.ts';
import { measure, median, rowOf, timeUnit } from './measure.ts';
import { say } from './say.ts';
import type { Session } from './session.ts';
import { SEED } from './session.ts';

/** All of implicit's defaults. */
const PEER = { factors: 100, regularization: 0.01, alpha: 1, use_cg: true, iterations: 15 };
/** Found on a part of train. */
const OURS = {
  ...algorithms.ials.defaults,
  factors: 64,
  sweeps: 8,
  regularisation: 0.003,
  unobservedWeight: 0.3,
  confidenceScale: 0,
};
const TOP = 10;
const THREADS = 2;

interface Query {
  readonly user: number;
  readonly positive: number;
  readonly negatives: readonly number[];
}
type ScoreUser = (user: number) => Float32Array;

/** 99 negatives for each customer; one that equals the positive is dropped. */
function readQueries(folder: string): Query[] {
  const text = gunzipSync(readFileSync(path.join(folder, NCF_FOLDER, 'ml-1m.test.negative.gz'))).toString();
  return text
    .trimEnd()
    .split('\n')
    .map((line) => {
      const [pair, ...negatives] = line.split('\t');
      const [user, positive] = pair.slice(1, -1).split(',').map(Number);
      return { user, positive, negatives: negatives.map(Number).filter((item) => item !== positive) };
    });
}

/** Share of queries whose positive is among the first ten; a tie counts against it. */
function hitRate(queries: readonly Query[], scoreUser: ScoreUser): number {
  const hits = queries.filter(({ user, positive, negatives }) => {
    const scores = scoreUser(user);
    return negatives.filter((item) => scores[item] >= scores[positive]).length < TOP;
  });
  return hits.length / queries.length;
}

function scoresOfModel(model: Model, { byCustomer, productCount }: TrainingSet): ScoreUser {
  const scorer = model.createScorer();
  const scores = new Float32Array(productCount);
  return (user) => {
    const [start, end] = [byCustomer.offsets[user], byCustomer.offsets[user + 1]];
    scorer.scoreInto(scores, byCustomer.indices.subarray(start, end), byCustomer.values.subarray(start, end));
    return scores;
  };
}

function scoresOfFactors(users: Float32Array, items: Float32Array, factors: number): ScoreUser {
  const scores = new Float32Array(items.length / factors);
  return (user) => {
    for (let p = 0; p < scores.length; p++) {
      let sum = 0;
      for (let f = 0; f < factors; f++) sum += users[user * factors + f] * items[p * factors + f];
      scores[p] = sum;
    }
    return scores;
  };
}

/** HR@10 of both, another seed each round, and the time that each takes: ours must have the higher one in no more time. */
export async function compareNcfAccuracy(name: string, session: Session): Promise<Row[]> {
  const { training, peer } = await session.data('ml1m', THREADS);
  const queries = readQueries(session.dataFolder);
  const [users, items] = [session.fileFor('users'), session.fileFor('items')];
  const times = { ours: [] as Seconds[], peer: [] as Seconds[] };
  const rates = { ours: [] as number[], peer: [] as number[] };
  for (let round = 0; round <= session.rounds; round++) {
    const seed = SEED + round;
    let model!: Model;
    const ourTime = await measure(async () => {
      model = await algorithms.ials.fit(training, OURS, { ...session.context(THREADS), seed });
    });
    const peerTime = await peer.ask('als-fit', { data: 'ml1m', ...PEER, seed, users, items });
    // The first round warms up.
    if (round === 0) continue;
    times.ours.push(ourTime);
    times.peer.push(peerTime);
    rates.ours.push(hitRate(queries, scoresOfModel(model, training)));
    rates.peer.push(hitRate(queries, scoresOfFactors(readFloats(users), readFloats(items), PEER.factors)));
  }
  for (const side of ['ours', 'peer'] as const)
    say(`${name}: ${side} ${rates[side].map((rate) => rate.toFixed(4)).join(' ')}`);
  const { of, unit } = timeUnit(THREADS);
  const peerVersion = session.versionOf('implicit');
  const secondsOf = (side: 'ours' | 'peer') => median(times[side].map((seconds) => seconds[of]));
  const [ours, theirs] = [secondsOf('ours'), secondsOf('peer')];
  return [
    rowOf(
      { name, ours: median(rates.ours), peer: median(rates.peer), peerVersion, unit: 'HR@10', bar: 1 },
      'more',
      ours <= theirs,
    ),
    rowOf({ name: `${name}-seconds`, ours, peer: theirs, peerVersion, unit, bar: 1 }),
  ];
}
