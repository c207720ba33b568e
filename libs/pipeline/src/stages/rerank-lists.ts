import type { CommercialFeatures, RankedLists } from '#libs/algorithms';
import { LIST_SOURCES, type ListSource, type PackedList } from '#libs/domain';
import type { Reranker } from '#libs/serving';
import { customerViewOf, type ExposureCount } from '#libs/serving';

/** Makes each customer's list from their candidates: the second level, with the code that a request uses as well. */
export class ListMaker {
  private readonly exposure: ExposureCount;
  private readonly sourceCodes: Uint8Array;

  constructor(
    private readonly ranked: RankedLists,
    private readonly features: CommercialFeatures,
    private readonly reranker: Reranker,
    private readonly options: { readonly count: number; readonly nowSeconds: number },
  ) {
    this.exposure = { lists: 0, ofProduct: new Int32Array(features.prices.priceOfProduct.length) };
    this.sourceCodes = Uint8Array.from(ranked.sourceNames, (name) => sourceCode(name));
  }

  listOf(customer: number): PackedList {
    const { ranked, sourceCodes } = this;
    const start = customer * ranked.count;
    let count = 0;
    while (count < ranked.count && ranked.products[start + count] >= 0) count++;
    const products = ranked.products.subarray(start, start + count);
    const scores = ranked.scores.subarray(start, start + count);
    const sourceAt = (place: number) => sourceCodes[ranked.sources[start + place]];
    if (this.reranker.isIdle) {
      const kept = Math.min(count, this.options.count);
      return {
        products: products.subarray(0, kept),
        scores: scores.subarray(0, kept),
        sources: sourcesOf(kept, sourceAt),
      };
    }
    const list = this.reranker.rerank({ count, products, scores }, customerViewOf(this.features, customer), {
      ...this.options,
      exposure: this.exposure,
    });
    return {
      products: list.products.slice(0, list.count),
      scores: new Float32Array(list.scores.subarray(0, list.count)),
      sources: sourcesOf(list.count, (place) => sourceAt(list.origins[place])),
    };
  }
}

function sourceCode(name: string): number {
  const code = LIST_SOURCES.indexOf(name as ListSource);
  if (code < 0) throw new Error(`The list format has no code for the source ${name}.`);
  return code;
}

/** A loop: `from` with a function takes ten times as long, for every customer of every tenant. */
function sourcesOf(count: number, sourceAt: (place: number) => number): Uint8Array {
  const sources = new Uint8Array(count);
  for (let place = 0; place < count; place++) sources[place] = sourceAt(place);
  return sources;
}
