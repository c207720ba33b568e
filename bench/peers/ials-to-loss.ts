import { readFileSync } from 'node:fs';
import type { IalsParams, TrainingSet } from '#libs/algorithms';
import { algorithms } from '#libs/algorithms';
import type { ImplicitLoss } from './ials-loss.ts';
import { equivalentParams, lossOf, scaleOfOurs, verifyLoss } from './ials-loss.ts';
import type { Row } from './measure.ts';
import { alternate, measure, rowOf, timeUnit } from './measure.ts';
import { say } from './say.ts';
import type { Session } from './session.ts';
import { SEED } from './session.ts';
import { SteppedFit } from './stepped-fit.ts';

/** Two confidences of an observed pair, fixed beforehand: that of Hu et al. (2008), and that of implicit's tutorial. */
const LOSSES: Record<string, ImplicitLoss> = {
  alpha40: { confidence: 40, regularization: 0.01 },
  alpha2: { confidence: 2, regularization: 0.05 },
};
const PEER_ITERATIONS = 15;
/** Of ours, for both losses and both lengths. */
const OURS = { warmUpSweeps: 6, solver: 'gradients' } as const;
const MOST_SWEEPS = 60;

export function readFloats(file: string): Float32Array {
  const bytes = readFileSync(file);
  return new Float32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4);
}

/** Sweeps of ours until its loss is at most the one given. */
async function sweepsUntil(
  target: number,
  loss: ImplicitLoss,
  training: TrainingSet,
  params: IalsParams,
  session: Session,
): Promise<number> {
  const fit = new SteppedFit(training, params, session.context(1));
  for (let sweep = 1; sweep <= MOST_SWEEPS; sweep++) {
    await fit.step();
    const [customers, products] = fit.vectors;
    const ours = { customers, products, stride: fit.stride };
    const reached = lossOf(ours, training.byCustomer, loss, scaleOfOurs(loss));
    say(`  ours after ${sweep}: ${(reached / target).toFixed(5)} of that`);
    if (reached <= target) return sweep;
  }
  throw new Error(`ours does not reach a loss of ${target} in ${MOST_SWEEPS} sweeps`);
}

interface ToLoss {
  readonly factors: number;
  readonly bar: number;
}

/**
 * Whole fits on one thread: implicit's default of 15 iterations, and ours with as many sweeps as it takes to a loss that is
 * no higher (found beforehand: a seed gives the same sweeps each time).
 */
export async function compareIalsToLoss(name: string, options: ToLoss, session: Session): Promise<Row[]> {
  verifyLoss();
  const rows: Row[] = [];
  for (const [setting, loss] of Object.entries(LOSSES))
    rows.push(await compareOn(`${name}-${setting}`, loss, options, session));
  return rows;
}

async function compareOn(
  name: string,
  loss: ImplicitLoss,
  { factors, bar }: ToLoss,
  session: Session,
): Promise<Row> {
  const threads = 1;
  const { training, peer } = await session.data('ml1m', threads);
  const [users, items] = [session.fileFor('users'), session.fileFor('items')];
  const { confidence: alpha, regularization } = loss;
  const request = { data: 'ml1m', factors, alpha, regularization, use_cg: true, seed: SEED };
  const peerFit = (files = {}) => peer.ask('als-fit', { ...request, iterations: PEER_ITERATIONS, ...files });
  await peerFit({ users, items });
  const theirs = { customers: readFloats(users), products: readFloats(items), stride: factors };
  const target = lossOf(theirs, training.byCustomer, loss);
  say(`${name}: implicit reaches ${target.toFixed(0)}`);
  const params = {
    ...algorithms.ials.defaults,
    ...equivalentParams(loss),
    factors,
    ...OURS,
  };
  const sweeps = await sweepsUntil(target, loss, training, params, session);
  const times = await alternate(
    `${name}, ${sweeps} sweeps`,
    {
      ours: () =>
        measure(() => algorithms.ials.fit(training, { ...params, sweeps }, session.context(threads))),
      peer: () => peerFit(),
    },
    { rounds: session.rounds, threads, warmsUp: false },
  );
  const { unit } = timeUnit(threads);
  return rowOf({ name, ...times, peerVersion: session.versionOf('implicit'), unit, bar });
}
