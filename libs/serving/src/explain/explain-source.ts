import type { ListSource } from '#libs/domain';

/** One shared array per source: answers are only read. */
const REASONS: Readonly<Record<ListSource, readonly string[]>> = {
  popularity: ['Popular right now'],
  'item-cf': ['Often bought together with what this customer has bought'],
  ials: ['Chosen by customers with a similar taste'],
  'segment-popularity': ['Popular with customers like this one'],
  'segmented-popularity': ['Popular with customers like this one'],
  'user-cf': ['Chosen by customers who bought the same things'],
  rp3beta: ['Often bought together with what this customer has bought'],
  ease: ['Goes with what this customer has bought'],
  slim: ['Goes with what this customer has bought'],
  bpr: ['Chosen by customers with a similar taste'],
  'biased-mf': ['Rated highly by customers with a similar taste'],
  svdpp: ['Rated highly by customers with a similar taste'],
  content: ['Similar to what this customer has bought'],
  pinned: ['Chosen by the shop for this place'],
  basket: ['Goes with what is in the basket'],
  viewed: ['Goes with what has just been looked at'],
  search: ['Fits what was searched for'],
  profile: ['Fits what is known of this customer'],
};

/** Why a product is in the list, in words that a salesperson can say on the phone. */
export function explainSource(source: ListSource): readonly string[] {
  return REASONS[source];
}
