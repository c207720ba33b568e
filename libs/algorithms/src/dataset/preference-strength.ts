import { AlgorithmRangeError } from '../errors.js';
import { sharedFloat32 } from '../parallel/shared-arrays.js';
import type { EventColumns } from './event-columns.js';
import { InteractionKind } from './event-columns.js';

/** How strongly each kind of event speaks for the pair. Weights of a purchase lie in [log1p(floor), log1p(cap)]. */
export interface StrengthParams {
  /** Strengths of events without a price, range [0, 10]. */
  readonly viewWeight: number;
  readonly searchWeight: number;
  readonly clickWeight: number;
  readonly cartWeight: number;
  readonly acceptedWeight: number;
  /** Taken off the pair for each rejected recommendation, range [0, 10]. */
  readonly rejectedWeight: number;
  /** Share of the price ratio in a purchase, range [0, 1]; the quantity ratio has the rest. */
  readonly priceShare: number;
  /** Ratios are clipped to [ratioFloor, ratioCap], range (0, 1] and [1, 100]. */
  readonly ratioFloor: number;
  readonly ratioCap: number;
  /** Ends of the tenant's rating scale; mapped onto the range of purchases. */
  readonly ratingMin: number;
  readonly ratingMax: number;
}

export const strengthDefaults: Readonly<StrengthParams> = {
  viewWeight: 0.05,
  searchWeight: 0.05,
  clickWeight: 0.1,
  cartWeight: 0.3,
  acceptedWeight: 0.5,
  rejectedWeight: 0.5,
  priceShare: 0.5,
  ratioFloor: 0.1,
  ratioCap: 5,
  ratingMin: 1,
  ratingMax: 5,
};

const WEIGHT_FIELDS = [
  'viewWeight',
  'searchWeight',
  'clickWeight',
  'cartWeight',
  'acceptedWeight',
  'rejectedWeight',
] as const;

function validateStrengthParams(params: StrengthParams): void {
  const check = (field: keyof StrengthParams, valid: boolean, rule: string) => {
    if (!valid) throw new AlgorithmRangeError('PARAMETER_INVALID', field, `${params[field]} is not ${rule}`);
  };
  for (const field of WEIGHT_FIELDS) check(field, params[field] >= 0 && params[field] <= 10, 'in [0, 10]');
  check('priceShare', params.priceShare >= 0 && params.priceShare <= 1, 'in [0, 1]');
  check('ratioFloor', params.ratioFloor > 0 && params.ratioFloor <= 1, 'in (0, 1]');
  check('ratioCap', params.ratioCap >= 1 && params.ratioCap <= 100, 'in [1, 100]');
  check('ratingMin', Number.isFinite(params.ratingMin), 'finite');
  check('ratingMax', params.ratingMax > params.ratingMin, 'above ratingMin');
}

/** A purchase that teaches: goods and money both went the usual way. Absent quantity or price is let through. */
function isForwardPurchase(events: EventColumns, e: number): boolean {
  return (
    events.kind[e] === InteractionKind.purchase && !(events.quantity[e] <= 0) && !(events.unitPrice[e] < 0)
  );
}

interface Means {
  /** Per customer: mean unit price of the lines bought; NaN without any. */
  readonly priceOfCustomer: Float64Array;
  /** Per product: mean unit price, the yardstick for a customer who is unknown. */
  readonly priceOfProduct: Float64Array;
  readonly quantityOfProduct: Float64Array;
}

/** Mean of values[e] by keys[e] over the events accepted. Sums are exact enough that row order cannot show: see below. */
function groupMeans(
  events: EventColumns,
  keys: Int32Array,
  groups: number,
  values: Float32Array,
): Float64Array {
  const counts = new Int32Array(groups);
  const use = (e: number) => keys[e] >= 0 && isForwardPurchase(events, e) && !Number.isNaN(values[e]);
  for (let e = 0; e < events.count; e++) if (use(e)) counts[keys[e]]++;
  // Values are summed in ascending order within a group: the mean is then the same whatever the order of the rows.
  const starts = new Int32Array(groups + 1);
  for (let g = 0; g < groups; g++) starts[g + 1] = starts[g] + counts[g];
  const cursor = starts.slice(0, groups);
  const grouped = new Float32Array(starts[groups]);
  for (let e = 0; e < events.count; e++) if (use(e)) grouped[cursor[keys[e]]++] = values[e];
  const means = new Float64Array(groups);
  for (let g = 0; g < groups; g++) {
    const members = grouped.subarray(starts[g], starts[g + 1]).sort();
    let sum = 0;
    for (let i = 0; i < members.length; i++) sum += members[i];
    means[g] = sum / members.length;
  }
  return means;
}

/** value / mean clipped; absent values or means say nothing (ratio 1); a free article is at the floor. */
function clippedRatio(value: number, mean: number, params: StrengthParams): number {
  if (Number.isNaN(value) || Number.isNaN(mean)) return 1;
  if (value <= 0) return params.ratioFloor;
  return Math.min(params.ratioCap, Math.max(params.ratioFloor, value / mean));
}

function purchaseStrength(events: EventColumns, e: number, means: Means, params: StrengthParams): number {
  const customer = events.customer[e];
  const product = events.product[e];
  const meanPrice = customer >= 0 ? means.priceOfCustomer[customer] : means.priceOfProduct[product];
  const price = clippedRatio(events.unitPrice[e], meanPrice, params);
  const quantity = clippedRatio(events.quantity[e], means.quantityOfProduct[product], params);
  return params.priceShare * Math.log1p(price) + (1 - params.priceShare) * Math.log1p(quantity);
}

function ratingStrength(rating: number, params: StrengthParams): number {
  const share = (rating - params.ratingMin) / (params.ratingMax - params.ratingMin);
  const low = Math.log1p(params.ratioFloor);
  return low + Math.min(1, Math.max(0, share)) * (Math.log1p(params.ratioCap) - low);
}

/** Strength by kind where neither price nor rating decides; NaN for kinds decided elsewhere. */
function weightByKind(params: StrengthParams): Float64Array {
  const weights = new Float64Array(256);
  weights[InteractionKind.view] = params.viewWeight;
  weights[InteractionKind.search] = params.searchWeight;
  weights[InteractionKind.click] = params.clickWeight;
  weights[InteractionKind.cart] = params.cartWeight;
  weights[InteractionKind.accepted] = params.acceptedWeight;
  weights[InteractionKind.rejected] = -params.rejectedWeight;
  return weights;
}

/**
 * Preference strength of each event, before any decay by age.
 *
 * - purchase: `0.5·log1p(price ratio) + 0.5·log1p(quantity ratio)`; price ratio = unit price / the customer's mean unit
 *   price (unknown customer: / the product's mean), quantity ratio = quantity / the product's mean quantity, each clipped
 *   to [0.1, 5]. `log1p` rather than `log`, so that the strength of a purchase stays positive (0.095 to 1.792).
 * - an explicit rating on the event replaces all else, mapped linearly onto that same range;
 * - view, search, click, cart, accepted: their weight; rejected: minus its weight;
 * - 0: returns, negative or zero quantity, negative price, a rating event without rating, no product.
 *
 * Means are over purchases with positive quantity only. The result does not depend on row order. O(count · log group).
 * @returns length events.count, over shared memory
 * @throws AlgorithmRangeError PARAMETER_INVALID
 */
export function preferenceStrengths(
  events: EventColumns,
  params: StrengthParams = strengthDefaults,
): Float32Array<SharedArrayBuffer> {
  validateStrengthParams(params);
  const means: Means = {
    priceOfCustomer: groupMeans(events, events.customer, events.customerCount, events.unitPrice),
    priceOfProduct: groupMeans(events, events.product, events.productCount, events.unitPrice),
    quantityOfProduct: groupMeans(events, events.product, events.productCount, events.quantity),
  };
  const weights = weightByKind(params);
  const strengths = sharedFloat32(events.count);
  for (let e = 0; e < events.count; e++) {
    const kind = events.kind[e];
    if (events.product[e] < 0 || kind === InteractionKind.return || events.quantity[e] < 0) continue;
    if (kind === InteractionKind.purchase && !isForwardPurchase(events, e)) continue;
    if (kind !== InteractionKind.rejected && !Number.isNaN(events.rating[e])) {
      strengths[e] = ratingStrength(events.rating[e], params);
    } else if (kind === InteractionKind.purchase) {
      strengths[e] = purchaseStrength(events, e, means, params);
    } else {
      strengths[e] = weights[kind];
    }
  }
  return strengths;
}
