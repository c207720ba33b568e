import { InteractionKind } from '#libs/algorithms';
import { judgeDataQuality, type DataQualityNumbers } from '#libs/domain';
import type { NightContext, StageResult } from '../night-context.js';
import { profileData } from '../snapshot/profile-data.js';
import type { Snapshot } from '../snapshot/snapshot.js';
import type { SnapshotOutput } from './snapshot.stage.js';

/** Counts what the night's data is made of and keeps a collapsed input away from training. */
export async function validateStage(context: NightContext): Promise<StageResult> {
  const { snapshot } = context.output<SnapshotOutput>('snapshot');
  const loaded = await context.workspace.load<Snapshot>(snapshot);
  const numbers = describeSnapshot(loaded);
  const previous = await context.quality.latestPassed(context.tenant.id);
  const vouchedFor = context.run.kind === 'manual' && context.run.reason !== undefined;
  const report = judgeDataQuality(numbers, previous?.numbers, vouchedFor);
  await context.quality.save(context.lease, report);
  // What comes after the night is compared with this, see the domain's triggers.
  const profile = profileData(loaded);
  return { output: { ...report, profile }, ...(report.passed ? {} : { ends: 'dataRejected' as const }) };
}

export function describeSnapshot(snapshot: Snapshot): DataQualityNumbers {
  const { events } = snapshot;
  let returns = 0;
  let refunds = 0;
  let zeroPrice = 0;
  let withoutCustomer = 0;
  for (let row = 0; row < events.count; row++) {
    if (events.kind[row] === InteractionKind.return || events.quantity[row] < 0) {
      // An importer marks a negative amount as a return too; by its quantity it is told from goods that came back.
      if (events.unitPrice[row] < 0 && !(events.quantity[row] < 0)) refunds++;
      else returns++;
    } else if (events.unitPrice[row] < 0) refunds++;
    if (events.unitPrice[row] === 0) zeroPrice++;
    if (events.customer[row] < 0) withoutCustomer++;
  }
  const kept = events.count - returns - refunds;
  return {
    rows: events.count,
    customers: snapshot.customerIds.length,
    products: snapshot.productIds.length,
    returns,
    refunds,
    zeroPrice,
    withoutCustomer,
    kept,
    retention: kept / events.count,
    extremePriceProducts: countExtremePrices(snapshot),
    watermark: new Date(snapshot.watermarkSeconds * 1000).toISOString(),
  };
}

/** Products whose prices paid have a coefficient of variation above 1 (one pass, Welford 1962). */
function countExtremePrices({ events, productIds }: Snapshot): number {
  const counts = new Int32Array(productIds.length);
  const means = new Float64Array(productIds.length);
  const squares = new Float64Array(productIds.length);
  for (let row = 0; row < events.count; row++) {
    const price = events.unitPrice[row];
    if (!(price > 0) || events.kind[row] !== InteractionKind.purchase) continue;
    const product = events.product[row];
    const delta = price - means[product];
    means[product] += delta / ++counts[product];
    squares[product] += delta * (price - means[product]);
  }
  let extreme = 0;
  for (let product = 0; product < productIds.length; product++) {
    if (counts[product] > 1 && Math.sqrt(squares[product] / (counts[product] - 1)) > means[product])
      extreme++;
  }
  return extreme;
}
