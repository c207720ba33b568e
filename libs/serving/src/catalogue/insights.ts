/** Name under which a list file keeps what the night has found out about demand. */
export const INSIGHTS_PART = 'insights';

export interface ElasticityCounts {
  readonly sensitive: number;
  readonly neutral: number;
  readonly insensitive: number;
  /** Too few weeks with sales, or a price that has hardly moved. */
  readonly unknown: number;
}

export interface ProductPriceResponse {
  readonly productId: string;
  readonly name: string | null;
  readonly category: string | null;
  readonly classOf: 'sensitive' | 'neutral' | 'insensitive';
  /** Change of the units sold, in per cent, where the price rises by 1 %. */
  readonly slope: number;
  /** 90 % interval. */
  readonly low: number;
  readonly high: number;
  /** Weeks with sales. */
  readonly weeks: number;
}

export interface CategoryPriceResponse extends ElasticityCounts {
  readonly category: string;
  /** Median slope of its products; null where none is known. */
  readonly medianSlope: number | null;
}

export interface RepurchaseCycle {
  readonly category: string;
  /** Customers who have bought from it. */
  readonly buyers: number;
  /** Times that somebody has come back. */
  readonly gaps: number;
  /** Days between two days on which one customer bought from the category. */
  readonly lowerDays: number;
  readonly medianDays: number;
  readonly upperDays: number;
  /** Customers whose next purchase is to be expected within the week after the watermark. */
  readonly dueCustomers: number;
}

export interface NamedCount {
  readonly name: string;
  readonly count: number;
}

/** What the night has found out about demand; sums alone: a file of parts is no place for single customers. */
export interface Insights {
  /** Newest event, ISO 8601. */
  readonly watermark: string;
  /** Days with purchases, from the first to the last. */
  readonly days: number;
  readonly elasticity: ElasticityCounts;
  /** Strongest response first. */
  readonly sensitiveProducts: readonly ProductPriceResponse[];
  /** Weakest response first. */
  readonly insensitiveProducts: readonly ProductPriceResponse[];
  readonly categoryResponses: readonly CategoryPriceResponse[];
  /** Most buyers first. */
  readonly cycles: readonly RepurchaseCycle[];
  /** Customers who are due in at least one category. */
  readonly dueCustomers: number;
  /** By recency, frequency and money. */
  readonly loyaltyTiers: readonly NamedCount[];
  readonly spendingSegments: readonly NamedCount[];
  /** Of the catalogue; null where no price is known. */
  readonly prices: PriceQuartiles | null;
}

export interface PriceQuartiles {
  readonly products: number;
  readonly lowest: number;
  readonly lower: number;
  readonly median: number;
  readonly upper: number;
  readonly highest: number;
}
