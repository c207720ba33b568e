/** What re-ranking needs of a product's attributes. */
export interface ProductFacts {
  /** Share of the price that is earned; NaN when unknown. */
  readonly margin: number;
  readonly privateLabel: boolean;
}

const NOTHING: ProductFacts = { margin: NaN, privateLabel: false };

/**
 * `margin` (0 to 1) or `cost` (in the price's currency), and `privateLabel`; whatever does not make sense counts as unknown.
 * @param json the JSON text of an object
 */
export function productFacts(json: string | undefined, price: number): ProductFacts {
  if (json === undefined || !/"(?:margin|cost|privateLabel)"/.test(json)) return NOTHING;
  const { margin, cost, privateLabel } = JSON.parse(json) as Readonly<Record<string, unknown>>;
  const share = isNumber(margin) ? margin : isNumber(cost) && price > 0 ? (price - cost) / price : NaN;
  return {
    margin: share >= -1 && share <= 1 ? share : NaN,
    privateLabel: privateLabel === true || privateLabel === 'true',
  };
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number';
}
