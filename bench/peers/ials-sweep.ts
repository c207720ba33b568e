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
    const stepOf = (solver: 'gradients' | 'exact', variant = session.variant) => {
      const fit = new SteppedFit(training, { ...params, solver }, { ...session.context(threads), variant });
      return () => measure(() => fit.step());
    };
    const times = await alternate(
      `${name}, threads ${threads}`,
      {
        gradients: stepOf('gradients'),
        exact: stepOf('exact'),
        relaxedGradients: stepOf('gradients', 'relaxed'),
        relaxedExact: stepOf('exact', 'relaxed'),
        cg: () => peer.ask('als-sweep', { handle: 'cg' }),
        cholesky: () => peer.ask('als-sweep', { handle: 'cholesky' }),
      },
      // A sweep over ten million pairs is warm after its first second.
      { rounds: session.rounds, threads, warmsUp: data !== '10m' },
    );
    for (const handle of ['cg', 'cholesky']) await peer.ask('forget', { handle });
    const common = { peerVersion: session.versionOf('implicit'), unit: timeUnit(threads).unit };
    const [cg, cholesky] = [
      { ...common, peer: times.cg },
      { ...common, peer: times.cholesky },
    ];
    // Relaxed arithmetic gives other last bits on other machines and is for those who ask for it: no bar.
    rows.push(
      rowOf({ ...cg, name: `${name}-cg-t${threads}`, ours: times.gradients, bar: BAR_CG }),
      rowOf({ ...cholesky, name: `${name}-cholesky-t${threads}`, ours: times.exact, bar: BAR_CHOLESKY }),
      rowOf({ ...cg, name: `${name}-cg-relaxed-t${threads}`, ours: times.relaxedGradients, bar: null }),
      rowOf({
        ...cholesky,
        name: `${name}-cholesky-relaxed-t${threads}`,
        ours: times.relaxedExact,
        bar: null,
      }),
    );
  }
  return rows;
}
