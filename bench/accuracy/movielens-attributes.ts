import type { ProductAttributes } from '#libs/algorithms';
import { ProductAttributesBuilder } from '#libs/algorithms';
import type { MovielensSmall } from './movielens-small.ts';

const NEARBY_YEARS = [-2, -1, 0, 1, 2];

/** "Toy Story (1995)": the title's words, and the year apart. */
function takeTitleApart(title: string): { words: string; year: number | undefined } {
  const match = /^(.*)\((\d{4})\)\s*$/u.exec(title);
  return match === null ? { words: title, year: undefined } : { words: match[1], year: Number(match[2]) };
}

/**
 * Movies as products: the title as text, genres as categories, years and users' tags as tags.
 * @param isTrained whether a user's rating of a movie is in the training part. A tag counts only if its author's rating is:
 * whoever tags a movie has seen it, so a tag beside a held-out rating would tell of it.
 */
export function movielensAttributes(
  movies: MovielensSmall,
  isTrained: (customer: number, product: number) => boolean,
): ProductAttributes {
  const tagsOf = movies.titles.map((): string[] => []);
  for (const { customer, product, text } of movies.tags)
    if (customer >= 0 && isTrained(customer, product)) tagsOf[product].push(text);
  const builder = new ProductAttributesBuilder();
  movies.titles.forEach((title, product) => {
    const { words, year } = takeTitleApart(title);
    // One tag for each year nearby: movies a year apart share most of them, five years apart none.
    const years = year === undefined ? [] : NEARBY_YEARS.map((distance) => `year=${year + distance}`);
    builder.add({
      texts: [words],
      categories: movies.genres[product],
      tags: [...years, ...tagsOf[product]],
    });
  });
  return builder.finish();
}
