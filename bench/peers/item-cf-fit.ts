import { algorithms } from '#libs/algorithms';
import type { Row } from './measure.ts';
import { alternate, measure, rowOf, timeUnit } from './measure.ts';
import type { Session } from './session.ts';

const NEIGHBOURS = 100;
const BAR = 1;

/** The fit of plain cosine item-item neighbours. */
export async function compareItemCfFit(name: string, session: Session): Promise<Row[]> {
  const rows: Row[] = [];
  const itemCf = algorithms['item-cf'];
  const plain = { shrinkage: 0, orderWeight: 0, valueExponent: 1, rowLengthExponent: 0 };
  const params = { ...itemCf.defaults, ...plain, neighbours: NEIGHBOURS };
  for (const threads of [1, 2]) {
    const { training, peer } = await session.data('ml1m', threads);
    const times = await alternate(
      `${name}, threads ${threads}`,
      {
        ours: () => measure(() => itemCf.fit(training, params, session.context(threads))),
        peer: () => peer.ask('cosine-fit', { data: 'ml1m', neighbours: NEIGHBOURS }),
      },
      { rounds: session.rounds, threads },
    );
    const common = { peerVersion: session.versionOf('implicit'), unit: timeUnit(threads).unit, bar: BAR };
    rows.push(rowOf({ name: `${name}-t${threads}`, ...times, ...common }));
  }
  return rows;
}
