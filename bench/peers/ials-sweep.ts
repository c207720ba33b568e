import { algorithms } from '#libs/algorithms';
import type { Row } from './measure.ts';
import { alternate, measure, rowOf, timeUnit } from './measure.ts';
import type { DataSetName, Session } from './session.ts';
import { SEED } from './session.ts';
import { SteppedFit } from './stepped-fit.ts';

const FACTORS = 64;
const BAR_CG = 1.5;
const BAR_CHOLESKY = 4;

/** One sweep, all customers and all products: three steps of conjugate gradients each, and the exact solution by Cholesky. */
export async function compareIalsSweep(name: string, data: DataSetName, session: Session): Promise<Row[]> {
  const rows: Row[] = [];
  for (const threads of [1, 2]) {
    const { training, peer } = await session.data(data, threads);
    const shared = { data, factors: FACTORS, regularization: 0.01, alpha: 2, seed: SEED };
    for (const handle of ['cg', 'cholesky'])
      await peer.ask('als-begin', { handle, ...shared, use_cg: handle === 'cg' });
    const params = { ...algorithms.ials.defaults, factors: FACTORS, confidenceScale: 0 };
    const [gradients, exact] = (['gradients', 'exact'] as const).map(
      (solver) => new SteppedFit(training, { ...params, solver }, session.context(threads)),
    );
    const times = await alternate(
      `${name}, threads ${threads}`,
      {
        gradients: () => measure(() => gradients.step()),
        exact: () => measure(() => exact.step()),
        cg: () => peer.ask('als-sweep', { handle: 'cg' }),
        cholesky: () => peer.ask('als-sweep', { handle: 'cholesky' }),
      },
      // A sweep over ten million pairs is warm after its first second.
      { rounds: session.rounds, threads, warmsUp: data !== '10m' },
    );
    for (const handle of ['cg', 'cholesky']) await peer.ask('forget', { handle });
    const common = { peerVersion: session.versionOf('implicit'), unit: timeUnit(threads).unit };
    const { gradients: ours, cg: peer3, exact: oursExact, cholesky } = times;
    rows.push(
      rowOf({ name: `${name}-cg-t${threads}`, ...common, ours, peer: peer3, bar: BAR_CG }),
      rowOf({
        name: `${name}-cholesky-t${threads}`,
        ...common,
        ours: oursExact,
        peer: cholesky,
        bar: BAR_CHOLESKY,
      }),
    );
  }
  return rows;
}
