import { rankCustomers, type RankedLists } from '#libs/algorithms';
import {
  completeReranking,
  countryFallback,
  OVERALL_FALLBACK,
  segmentFallback,
  type ListWriter,
  type Offering,
} from '#libs/domain';
import { Reranker, standingExclusions, type Catalogue } from '#libs/serving';
import type { NightContext, StageResult } from '../night-context.js';
import type { Snapshot } from '../snapshot/snapshot.js';
import type { DecideOutput } from './decide.stage.js';
import { segmentRankings, topProducts } from './fallback-lists.js';
import { mixIn, rankNewProducts } from './new-products.js';
import { withOtherCandidates } from './other-candidates.js';
import type { Prepared, PrepareOutput } from './prepare.stage.js';
import { catalogueOf, putParts, putProfiles } from './request-parts.js';
import { ListMaker } from './rerank-lists.js';
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
  /** Which of the tenant's rules and settings the lists were made with. */
  readonly rulesVersion: number;
  readonly rerankingVersion: number;
}

/** Customers after whom somebody else may have the thread: leases are renewed on it. */
const CUSTOMERS_AT_A_TIME = 1_000;

/** Ranks every customer with the model that serves from tomorrow on, and writes the lists into one file. */
export async function rankStage(context: NightContext): Promise<StageResult> {
  // The token in the name keeps two workers with the same run out of each other's way.
  const listFile = `${context.tenant.id}/${context.run.runId}-${context.lease.fencingToken}.mdb`;
  return { output: await rankInto(context, listFile) };
}

export async function rankInto(context: NightContext, listFile: string): Promise<RankOutput> {
  const { workspace, template } = context;
  const { winner } = context.output<DecideOutput>('decide');
  const snapshotOutput = context.output<SnapshotOutput>('snapshot');
  const snapshot = await workspace.load<Snapshot>(snapshotOutput.snapshot);
  const prepared = await workspace.load<Prepared>(context.output<PrepareOutput>('prepare').prepared);
  const modelPackage = await workspace.load<ModelPackage>(winner);
  const offering = await context.offerings.current(context.tenant.id);
  const sold = Uint8Array.from(snapshot.retired, (retired) => 1 - retired);
  const catalogue = catalogueOf(snapshot, prepared, sold, template.repeatPurchases);
  const lists = await makeLists(context, snapshot, prepared, modelPackage, catalogue, offering);
  const writer = await context.lists.create(listFile, {
    tenant: context.tenant.slug,
    modelVersion: winner.version,
    algorithm: winner.algorithm,
    watermark: snapshotOutput.watermark,
    productIds: snapshot.productIds,
  });
  try {
    const counts = await putLists(context, writer, snapshot, prepared, lists, template.listLength);
    await putParts(context, writer, snapshot, prepared, catalogue, modelPackage);
    putProfiles(writer, snapshot, prepared);
    const { rulesVersion, rerankingVersion } = offering;
    const versions = { rulesVersion, rerankingVersion };
    return { listFile, ...counts, ...versions, ...(await writer.finish()) };
  } catch (error) {
    await writer.abandon();
    throw error;
  }
}

interface NightLists {
  readonly maker: ListMaker;
  readonly allowed: Uint8Array;
  readonly fresh: RankedLists | undefined;
  readonly freshFrom: number;
}

/** Candidates from the model, and what makes lists of them. */
async function makeLists(
  context: NightContext,
  snapshot: Snapshot,
  prepared: Prepared,
  modelPackage: ModelPackage,
  catalogue: Catalogue,
  offering: Offering,
): Promise<NightLists> {
  const { template, executor, run } = context;
  const settings = completeReranking(offering.reranking);
  const reranker = new Reranker(catalogue.columns, settings);
  const hidden = standingExclusions(offering.rules, snapshot.productIds, catalogue);
  const allowed = catalogue.sold.map((isSold, product) => (hidden[product] === 1 ? 0 : isSold));
  const { listLength: count } = template;
  const request = {
    model: modelPackage.model,
    histories: prepared.histories,
    count: reranker.isIdle ? count : Math.max(count, settings.candidates),
    excluded: template.repeatPurchases ? undefined : prepared.purchased,
    allowed,
    productMap: productMapOf(modelPackage, snapshot),
    executor,
    onProgress: (share: number) => context.progress(0.7 * share),
  };
  const own = await context.numerics('rank', () => rankCustomers(request));
  const ranked = await withOtherCandidates(context, own, modelPackage, snapshot, prepared, allowed, settings);
  const options = { count, nowSeconds: snapshot.watermarkSeconds };
  const maker = new ListMaker(ranked, prepared.features, reranker, options);
  const fresh = await context.numerics('rank', () =>
    rankNewProducts(snapshot, prepared, allowed, settings, run.seed, executor),
  );
  return { maker, allowed, fresh, freshFrom: settings.newProductsFrom };
}

async function putLists(
  { numerics }: NightContext,
  writer: ListWriter,
  snapshot: Snapshot,
  prepared: Prepared,
  { maker, allowed, fresh, freshFrom }: NightLists,
  listLength: number,
): Promise<{ customerLists: number; fallbackLists: number }> {
  const { overall, byCountry, bySegment } = await numerics('rank', () =>
    Promise.resolve({
      overall: topProducts(prepared.popularity, allowed, listLength, 'popularity'),
      byCountry: segmentRankings(snapshot.countries, prepared.histories, allowed, listLength),
      bySegment: segmentRankings(snapshot.segments, prepared.histories, allowed, listLength),
    }),
  );
  writer.putFallback(OVERALL_FALLBACK, overall);
  for (const [country, list] of byCountry) writer.putFallback(countryFallback(country), list);
  for (const [segment, list] of bySegment) writer.putFallback(segmentFallback(segment), list);

  const { offsets } = prepared.histories;
  const listOf = (customer: number) => {
    const list = maker.listOf(customer);
    return fresh === undefined ? list : mixIn(list, fresh, customer, freshFrom);
  };
  const { customerIds } = snapshot;
  for (let first = 0; first < customerIds.length; first += CUSTOMERS_AT_A_TIME) {
    await new Promise((resolve) => setImmediate(resolve));
    const ids = customerIds.slice(first, first + CUSTOMERS_AT_A_TIME);
    const made = await numerics('rerank', () =>
      Promise.resolve(
        ids.map((_, i) => (offsets[first + i + 1] > offsets[first + i] ? listOf(first + i) : undefined)),
      ),
    );
    for (const [i, list] of made.entries()) {
      if (list !== undefined) {
        writer.putCustomer(ids[i], list);
        continue;
      }
      // Not a copy of the list: the answer must be able to say that it is not this customer's own.
      const segment = snapshot.segments[first + i] ?? '';
      const country = snapshot.countries[first + i] ?? '';
      const ofCountry = byCountry.has(country) ? countryFallback(country) : OVERALL_FALLBACK;
      writer.putCustomerFallback(ids[i], bySegment.has(segment) ? segmentFallback(segment) : ofCountry);
    }
  }
  return { customerLists: customerIds.length, fallbackLists: 1 + byCountry.size + bySegment.size };
}
