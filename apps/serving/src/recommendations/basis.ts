import {
  completeReranking,
  decodeArtifact,
  type ListReader,
  type ServedOffering,
  type ServedTenant,
} from '#libs/domain';
import {
  CATALOGUE_PART,
  compileRules,
  type Catalogue,
  type CompiledRules,
  type SelectableProducts,
} from '#libs/serving';

const DAY_MS = 86_400_000;

/** What a tenant's answers rest on beside the customer: as long as it is the same object, the same question has the same answer. */
export interface Basis {
  readonly tenant: ServedTenant;
  readonly lists: ListReader | undefined;
  readonly offering: ServedOffering | undefined;
  readonly rules: CompiledRules | undefined;
  readonly frozenStaleDays: number;
  /** Epoch milliseconds from which on a new one must be made. */
  readonly validUntil: number;
}

export function createBasis(
  tenant: ServedTenant,
  lists: ListReader | undefined,
  offering: ServedOffering | undefined,
  now: number,
): Basis {
  const rules = offering && lists && compileFor(offering, lists, now);
  const { frozenStaleDays } = completeReranking(offering?.reranking);
  const becomesStale =
    tenant.state === 'frozen' && tenant.pointer !== undefined
      ? tenant.pointer.movedAt.getTime() + frozenStaleDays * DAY_MS + 1
      : Infinity;
  const validUntil = Math.min(rules?.validUntil ?? Infinity, becomesStale > now ? becomesStale : Infinity);
  return { tenant, lists, offering, rules, frozenStaleDays, validUntil };
}

/** Without a rule there is nothing to look at a catalogue for: retirements name ids. */
function compileFor(offering: ServedOffering, lists: ListReader, now: number): CompiledRules {
  return compileRules(
    offering,
    lists.header.productIds,
    needsCatalogue(offering) ? catalogueOf(lists) : undefined,
    now,
  );
}

function needsCatalogue({ rules }: ServedOffering): boolean {
  return rules.some((rule) => rule.kind !== 'minimumRelevance' && rule.kind !== 'pin');
}

/** Undefined in a file that has none: products are known by their ids alone. */
export function catalogueOf(lists: ListReader): SelectableProducts | undefined {
  const bytes = lists.part(CATALOGUE_PART);
  return bytes && decodeArtifact<Catalogue>(bytes);
}
