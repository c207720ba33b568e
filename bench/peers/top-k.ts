import { readFileSync, writeFileSync } from 'node:fs';
import type { VectorLists } from '#libs/algorithms';
import { algorithms, rankByVectors, sharedUint8 } from '#libs/algorithms';
import type { Row } from './measure.ts';
import { alternate, measure, rowOf, timeUnit } from './measure.ts';
import { say } from './say.ts';
import type { DataSetName, Session } from './session.ts';
import { SteppedFit } from './stepped-fit.ts';

const COUNT = 10;
const FACTORS = 64;
const BAR = 1.2;
/** Sums in another order may swap neighbours whose scores differ in the last bits. */
const LEAST_AGREEMENT = 0.999;

/** The ten best of all products for every customer without those that they have, from the same vectors. */
export async function compareTopK(name: string, data: DataSetName, session: Session): Promise<Row[]> {
  const rows: Row[] = [];
  const params = { ...algorithms.ials.defaults, factors: FACTORS, confidenceScale: 0 };
  for (const threads of [1, 2]) {
    const { training, peer } = await session.data(data, threads);
    const { executor, variant } = session.context(threads);
    const fit = new SteppedFit(training, params, session.context(threads));
    for (let sweep = 0; sweep < 3; sweep++) await fit.step();
    const [customers, products] = fit.vectors.map((vectors) => vectors.slice());
    const [users, items, out] = ['users', 'items', 'lists'].map((file) => session.fileFor(file));
    writeFileSync(users, customers);
    writeFileSync(items, products);
    const allowed = sharedUint8(training.productCount).fill(1);
    const request = { customers, products, stride: fit.stride, count: COUNT, allowed, variant, executor };
    let lists!: VectorLists;
    const times = await alternate(
      `${name}, threads ${threads}`,
      {
        ours: () =>
          measure(async () => (lists = await rankByVectors({ ...request, excluded: training.byCustomer }))),
        peer: () => peer.ask('top-k', { data, factors: FACTORS, users, items, count: COUNT, out }),
      },
      { rounds: session.rounds, threads },
    );
    const agreement = agreementOf(lists.products, readInts(out));
    say(`${name}: ${(100 * agreement).toFixed(3)} % of the entries are the same`);
    if (!(agreement >= LEAST_AGREEMENT)) throw new Error(`the lists of ${name} differ`);
    const common = { peerVersion: session.versionOf('implicit'), unit: timeUnit(threads).unit, bar: BAR };
    rows.push(rowOf({ name: `${name}-t${threads}`, ...times, ...common }));
  }
  return rows;
}

function readInts(file: string): Int32Array {
  const bytes = readFileSync(file);
  return new Int32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4);
}

function agreementOf(ours: Int32Array, theirs: Int32Array): number {
  if (ours.length !== theirs.length) return 0;
  return ours.filter((product, at) => product === theirs[at]).length / ours.length;
}
