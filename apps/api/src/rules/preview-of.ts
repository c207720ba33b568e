import type { ListReader } from '#libs/domain';
import type { Catalogue, Recommendation } from '#libs/serving';
import type { CausesOf } from './rule-causes.js';
import type {
  PreviewDto,
  PreviewedAnswerDto,
  PreviewedCustomerDto,
  PreviewedItemDto,
  RelevanceChangeDto,
} from './preview.dto.js';

export type Answers = readonly Recommendation[];

export interface Compared {
  readonly reader: ListReader;
  readonly catalogue: Catalogue | undefined;
  readonly customerIds: readonly string[];
  readonly before: Answers;
  readonly after: Answers;
  readonly causes: CausesOf;
  readonly relevance: RelevanceChangeDto | null;
}

/** Two answers of each customer beside each other: what has moved, and what made it. */
export function previewOf({
  reader,
  catalogue,
  customerIds,
  before,
  after,
  causes,
  relevance,
}: Compared): PreviewDto {
  const indexOf = new Map(reader.header.productIds.map((productId, index) => [productId, index]));
  const customers = customerIds.map((customerId, i): PreviewedCustomerDto => {
    const [was, is] = [shown(before[i]), shown(after[i])];
    const items = itemsOf(was.productIds, is.productIds).map((item): PreviewedItemDto => {
      const product = indexOf.get(item.productId) ?? -1;
      const hasMoved = item.before !== item.after;
      return {
        ...item,
        productName: catalogue?.names[product] ?? null,
        because: hasMoved ? causes(customerId, product) : [],
      };
    });
    return { customerId, before: was, after: is, items };
  });
  const differs = ({ before: a, after: b }: PreviewedCustomerDto) =>
    a.status !== b.status || a.productIds.join('\n') !== b.productIds.join('\n');
  return {
    modelVersion: reader.header.modelVersion,
    looked: customers.length,
    changed: customers.filter(differs).length,
    withNothing: customers.filter((customer) => customer.after.status === 'none').length,
    ...{ relevance, customers },
  };
}

/** What is in the later list by its places, then what has left. */
function itemsOf(before: readonly string[], after: readonly string[]) {
  const placeIn = (list: readonly string[]) => new Map(list.map((id, index) => [id, index + 1]));
  const [was, is] = [placeIn(before), placeIn(after)];
  const gone = before.filter((productId) => !is.has(productId));
  return [...after, ...gone].map((productId) => ({
    productId,
    before: was.get(productId) ?? null,
    after: is.get(productId) ?? null,
  }));
}

function shown({ status, statusReason, items }: Recommendation): PreviewedAnswerDto {
  return { status, statusReason, productIds: items.map(({ productId }) => productId) };
}
