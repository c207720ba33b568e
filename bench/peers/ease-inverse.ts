import type { Executor, Model } from '#libs/algorithms';
import { algorithms } from '#libs/algorithms';
import { readFloats } from './ials-to-loss.ts';
import type { Row, Seconds } from './measure.ts';
import { alternate, rowOf, timeUnit } from './measure.ts';
import { say } from './say.ts';
import type { Session } from './session.ts';

const RIDGE = 1000;
const BAR = 0.5;
/** The tasks of a fit that invert; those before them build the matrix, those after them read it out. */
const INVERTS = 'sweep-';
/** A product whose row of weights both sides must agree on, and how nearly, against the row's largest weight. */
const CHECKED_PRODUCT = 50;
const TOLERANCE = 1e-3;

/** An executor that times one phase of a fit: from its first task to the end of its last. */
function phaseClock(executor: Executor): { executor: Executor; seconds(): Seconds } {
  let begun: { cpu: NodeJS.CpuUsage; wall: number } | undefined;
  let seconds: Seconds = { cpu: 0, wall: 0 };
  const watched: Executor = {
    threads: executor.threads,
    map: async (task, inputs) => {
      const counts = task.startsWith(INVERTS);
      if (counts) begun ??= { cpu: process.cpuUsage(), wall: performance.now() };
      const outputs = await executor.map(task, inputs);
      if (counts && begun) {
        const { user, system } = process.cpuUsage(begun.cpu);
        seconds = { cpu: (user + system) / 1e6, wall: (performance.now() - begun.wall) / 1e3 };
      }
      return outputs;
    },
  };
  return { executor: watched, seconds: () => seconds };
}

/**
 * The inverse within a fit of EASE, single precision, 3706 products: against NumPy's, which is for any matrix, and LAPACK's by
 * Cholesky, which gives one triangle, as ours does. Neither side's building of the matrix is timed.
 */
export async function compareEaseInverse(name: string, session: Session): Promise<Row[]> {
  const rows: Row[] = [];
  const { ease } = algorithms;
  // All weights are kept: the check needs them.
  const params = { ...ease.defaults, regularisation: RIDGE, keptWeights: 0 };
  for (const threads of [1, 2]) {
    const { training, peer } = await session.data('ml1m', threads);
    const request = { data: 'ml1m', ridge: RIDGE };
    let model!: Model;
    const times = await alternate(
      `${name}, threads ${threads}`,
      {
        ours: async () => {
          const context = session.context(threads);
          const clock = phaseClock(context.executor);
          model = await ease.fit(training, params, { ...context, executor: clock.executor });
          return clock.seconds();
        },
        general: () => peer.ask('inverse', { ...request, method: 'general' }),
        cholesky: () => peer.ask('inverse', { ...request, method: 'cholesky' }),
      },
      { rounds: session.rounds, threads },
    );
    const out = session.fileFor('weights');
    await peer.ask('inverse', { ...request, method: 'general', product: CHECKED_PRODUCT, out });
    verifyWeights(model, readFloats(out));
    const common = { ours: times.ours, unit: timeUnit(threads).unit };
    const [numpy, scipy] = [session.versionOf('numpy'), session.versionOf('scipy')];
    rows.push(
      rowOf({
        name: `${name}-numpy-t${threads}`,
        ...common,
        peer: times.general,
        peerVersion: numpy,
        bar: BAR,
      }),
      rowOf({
        name: `${name}-cholesky-t${threads}`,
        ...common,
        peer: times.cholesky,
        peerVersion: scipy,
        bar: null,
      }),
    );
  }
  return rows;
}

/** A customer who has one product only is scored by its row of weights. */
function verifyWeights(model: Model, expected: Float32Array): void {
  const scores = new Float32Array(model.productCount);
  model.createScorer().scoreInto(scores, Int32Array.of(CHECKED_PRODUCT), Float32Array.of(1));
  let [largest, difference] = [0, 0];
  expected.forEach((value, product) => {
    largest = Math.max(largest, Math.abs(value));
    difference = Math.max(difference, Math.abs(value - scores[product]));
  });
  say(`  weights differ by ${(difference / largest).toExponential(1)} of the largest`);
  if (!(difference <= TOLERANCE * largest)) throw new Error('the two inverses differ');
}
