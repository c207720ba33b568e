import { rankCustomers, type RankedLists } from '#libs/algorithms';
import {
  countryFallback,
  LIST_SOURCES,
  OVERALL_FALLBACK,
  segmentFallback,
  type ListSource,
  type ListWriter,
  type PackedList,
} from '#libs/domain';
import type { NightContext, StageResult } from '../night-context.js';
import type { Snapshot } from '../snapshot/snapshot.js';
import type { DecideOutput } from './decide.stage.js';
import { segmentRankings, topProducts } from './fallback-lists.js';
import type { Prepared, PrepareOutput } from './prepare.stage.js';
import { productMapOf } from './score-models.js';
import type { SnapshotOutput } from './snapshot.stage.js';
import type { ModelPackage } from './train.stage.js';

export interface RankOutput {
  readonly listFile: string;
  readonly sha256: string;
  readonly bytes: number;
  /** Customers who are answered for, be it from a fallback. */
  readonly customerLists: number;
  readonly fallbackLists: number;
}

/** Ranks every customer with the model that serves from tomorrow on, and writes the lists into one file. */
export async function rankStage(context: NightContext): Promise<StageResult> {
  const { workspace, template } = context;
  const { winner } = context.output<DecideOutput>('decide');
  const snapshotOutput = context.output<SnapshotOutput>('snapshot');
  const snapshot = await workspace.load<Snapshot>(snapshotOutput.snapshot);
  const prepared = await workspace.load<Prepared>(context.output<PrepareOutput>('prepare').prepared);
  const modelPackage = await workspace.load<ModelPackage>(winner);
  const allowed = Uint8Array.from(snapshot.retired, (retired) => 1 - retired);
  const ranked = await rankCustomers({
    model: modelPackage.model,
    histories: prepared.histories,
    count: template.listLength,
    excluded: template.repeatPurchases ? undefined : prepared.purchased,
    allowed,
    productMap: productMapOf(modelPackage, snapshot),
    executor: context.executor,
    onProgress: (share) => context.progress(0.8 * share),
  });
  // The token in the name keeps two workers with the same run out of each other's way.
  const listFile = `${context.tenant.id}/${context.run.runId}-${context.lease.fencingToken}.mdb`;
  const writer = await context.lists.create(listFile, {
    tenant: context.tenant.slug,
    modelVersion: winner.version,
    algorithm: winner.algorithm,
    watermark: snapshotOutput.watermark,
    productIds: snapshot.productIds,
  });
  try {
    const counts = putLists(writer, snapshot, prepared, allowed, ranked, template.listLength);
    const output: RankOutput = { listFile, ...counts, ...(await writer.finish()) };
    return { output };
  } catch (error) {
    await writer.abandon();
    throw error;
  }
}

function putLists(
  writer: ListWriter,
  snapshot: Snapshot,
  prepared: Prepared,
  allowed: Uint8Array,
  ranked: RankedLists,
  listLength: number,
): { customerLists: number; fallbackLists: number } {
  const overall = topProducts(prepared.popularity, allowed, listLength, 'popularity');
  const byCountry = segmentRankings(snapshot.countries, prepared.histories, allowed, listLength);
  const bySegment = segmentRankings(snapshot.segments, prepared.histories, allowed, listLength);
  writer.putFallback(OVERALL_FALLBACK, overall);
  for (const [country, list] of byCountry) writer.putFallback(countryFallback(country), list);
  for (const [segment, list] of bySegment) writer.putFallback(segmentFallback(segment), list);

  const sourceCodes = Uint8Array.from(ranked.sourceNames, (name) => sourceCode(name));
  const { offsets } = prepared.histories;
  snapshot.customerIds.forEach((customerId, customer) => {
    const known = offsets[customer + 1] > offsets[customer];
    if (known) return writer.putCustomer(customerId, listOf(ranked, customer, sourceCodes));
    // Not a copy of the list: the answer must be able to say that it is not this customer's own.
    const segment = snapshot.segments[customer] ?? '';
    const country = snapshot.countries[customer] ?? '';
    const ofCountry = byCountry.has(country) ? countryFallback(country) : OVERALL_FALLBACK;
    writer.putCustomerFallback(customerId, bySegment.has(segment) ? segmentFallback(segment) : ofCountry);
  });
  return { customerLists: snapshot.customerIds.length, fallbackLists: 1 + byCountry.size + bySegment.size };
}

function listOf(ranked: RankedLists, customer: number, sourceCodes: Uint8Array): PackedList {
  const start = customer * ranked.count;
  let end = start;
  while (end < start + ranked.count && ranked.products[end] >= 0) end++;
  return {
    products: ranked.products.subarray(start, end),
    scores: ranked.scores.subarray(start, end),
    sources: ranked.sources.subarray(start, end).map((source) => sourceCodes[source]),
  };
}

function sourceCode(name: string): number {
  const code = LIST_SOURCES.indexOf(name as ListSource);
  if (code < 0) throw new Error(`The list format has no code for the source ${name}.`);
  return code;
}
