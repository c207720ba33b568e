import type { ListSource } from '#libs/domain';

/** One shared array per source: answers are only read. */
const REASONS: Readonly<Record<ListSource, readonly string[]>> = {
  popularity: ['Popular right now'],
  'item-cf': ['Often bought together with what this customer has bought'],
  ials: ['Chosen by customers with a similar taste'],
  'segment-popularity': ['Popular with customers like this one'],
};

/** Why a product is in the list, in words that a salesperson can say on the phone. */
export function explainSource(source: ListSource): readonly string[] {
  return REASONS[source];
}
