import {
  completeReranking,
  decodeArtifact,
  type ListReader,
  type OfferingRepository,
  type ServingPointer,
  type Tenant,
} from '#libs/domain';
import { CATALOGUE_PART, compileRules, type Catalogue, type ServedState } from '#libs/serving';

/** What the tenant's endpoint would serve at this moment: its state, its lists, its rules and what is no longer sold. */
export async function servedNow(
  tenant: Tenant,
  pointer: ServingPointer | undefined,
  lists: ListReader | undefined,
  offerings: OfferingRepository,
  now: number,
): Promise<ServedState> {
  const { rules, reranking } = await offerings.current(tenant.id);
  const retired = await offerings.retired(tenant.id);
  const catalogue = lists?.part(CATALOGUE_PART);
  return {
    ...{ state: tenant.state, promoted: pointer !== undefined, lists },
    rules:
      lists &&
      compileRules(
        { rules, retired },
        lists.header.productIds,
        catalogue && decodeArtifact<Catalogue>(catalogue),
        now,
      ),
    servedSince: pointer?.movedAt.getTime(),
    frozenStaleDays: completeReranking(reranking).frozenStaleDays,
  };
}
