import type { Trait } from '#libs/domain';
import type { Catalogue } from '../catalogue/catalogue.js';

/** A fact of this name is a number: nothing dearer is offered. */
export const BUDGET_FACT = 'budget';

/**
 * Adds to scores[p] the share of the facts that fit product p: its category, its brand, or an attribute of the same name and
 * value. Facts that fit no product at all say something about the customer, and are for the rules.
 * @returns whether any fact fitted anything
 */
export function matchFactsInto(
  scores: Float64Array,
  facts: Readonly<Record<string, Trait>>,
  { categories, brands, tags }: Catalogue,
): boolean {
  const fits = Object.entries(facts).map(([name, value]) => {
    const text = String(value);
    if (name === 'category') return categories.map((category) => category === text);
    if (name === 'brand') return brands.map((brand) => brand === text);
    const tag = `${name}=${text}`;
    return tags.map((ofProduct) => ofProduct.includes(tag));
  });
  const telling = fits.filter((ofProduct) => ofProduct.includes(true));
  for (const ofProduct of telling) {
    ofProduct.forEach((isFit, product) => {
      if (isFit) scores[product] += 1 / telling.length;
    });
  }
  return telling.length > 0;
}
