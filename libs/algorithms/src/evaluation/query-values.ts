/** One row for each query, in ascending order of customers. */
export interface QueryValues {
  /** Customer (row of the histories) who asks. */
  readonly customer: Int32Array;
  /** By the metric's name; NaN where a query has no such value and leaves the average. */
  readonly values: ReadonlyMap<string, Float64Array>;
  /** Metrics of all lists together, which are no averages: coverage and Gini. */
  readonly totals: ReadonlyMap<string, number>;
}

/** The mean of what is a number; NaN for nothing. In order, so that it is the same bits every time. */
export function meanOfKnown(values: Float64Array): number {
  let sum = 0;
  let count = 0;
  for (const value of values) {
    if (Number.isNaN(value)) continue;
    sum += value;
    count++;
  }
  return sum / count;
}

/** Every metric: averages and totals. */
export function summariseQueries({ values, totals }: QueryValues): Record<string, number> {
  return Object.fromEntries([...[...values].map(([name, v]) => [name, meanOfKnown(v)] as const), ...totals]);
}

export interface SegmentSummary {
  readonly queries: number;
  readonly metrics: Record<string, number>;
}

/** The queries of each segment, ascending; totals belong to all lists together and are left out. */
export function splitBySegment(
  { customer, values }: QueryValues,
  segmentOfCustomer: ArrayLike<number>,
): Map<number, QueryValues> {
  const members = new Map<number, number[]>();
  customer.forEach((c, q) => {
    const known = members.get(segmentOfCustomer[c]);
    if (known === undefined) members.set(segmentOfCustomer[c], [q]);
    else known.push(q);
  });
  const segments = [...members].sort(([a], [b]) => a - b);
  return new Map(
    segments.map(([segment, queries]) => {
      const columns = [...values].map(
        ([name, v]) => [name, Float64Array.from(queries, (q) => v[q])] as const,
      );
      const customers = Int32Array.from(queries, (q) => customer[q]);
      return [segment, { customer: customers, values: new Map(columns), totals: new Map() }];
    }),
  );
}

/** The averages of each segment's queries. */
export function summariseBySegment(
  values: QueryValues,
  segmentOfCustomer: ArrayLike<number>,
): Record<number, SegmentSummary> {
  const segments = [...splitBySegment(values, segmentOfCustomer)];
  return Object.fromEntries(
    segments.map(([segment, queries]) => [
      segment,
      { queries: queries.customer.length, metrics: summariseQueries(queries) },
    ]),
  );
}
