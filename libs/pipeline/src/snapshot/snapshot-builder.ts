import {
  allocateEvents,
  hashEvent,
  InteractionKind,
  ProductAttributesBuilder,
  type EventColumns,
} from '#libs/algorithms';
import type { EventKind, SnapshotSink } from '#libs/domain';
import { attributeTags } from './attribute-tags.js';
import { PromotionRows } from './promotion-rows.js';
import { productFacts } from './product-facts.js';
import type { Snapshot } from './snapshot.js';

const FIRST_CAPACITY = 8_192;

/**
 * Turns rows into columns and ids into dense indices. Indices follow the order of first appearance; since the source
 * hands everything over in the byte order of ids, the same data gives the same snapshot, byte for byte.
 */
export class SnapshotBuilder implements SnapshotSink {
  private readonly products = new Map<string, number>();
  private readonly categories: (string | null)[] = [];
  private readonly names: (string | null)[] = [];
  private readonly brands: (string | null)[] = [];
  private readonly tags: string[][] = [];
  private readonly margins: number[] = [];
  private readonly privateLabel: number[] = [];
  private readonly promotions = new PromotionRows();
  private readonly prices: number[] = [];
  private readonly attributes = new ProductAttributesBuilder();
  private readonly retired: number[] = [];
  private readonly customers = new Map<string, number>();
  private readonly countries: (string | null)[] = [];
  private readonly segments: (string | null)[] = [];
  private readonly traits: (string | null)[] = [];
  private readonly orders = new Map<string, number>();
  private events = allocateEvents(FIRST_CAPACITY);
  private count = 0;
  private watermarkSeconds = -Infinity;

  /** @param splitSeed decides which rows are held out: the same every night */
  constructor(private readonly splitSeed: number) {}

  product(
    productId: string,
    category: string | undefined,
    price: number,
    retired: boolean,
    name?: string,
    brand?: string,
    description?: string,
    attributes?: string,
  ): void {
    this.products.set(productId, this.products.size);
    this.categories.push(category ?? null);
    this.prices.push(price);
    this.retired.push(retired ? 1 : 0);
    this.names.push(name ?? null);
    this.brands.push(brand ?? null);
    const facts = productFacts(attributes, price);
    this.margins.push(facts.margin);
    this.privateLabel.push(facts.privateLabel ? 1 : 0);
    const tags = attributeTags(attributes);
    this.tags.push(tags);
    const known = (text: string | undefined) => (text === undefined ? [] : [text]);
    this.attributes.add({
      texts: [...known(name), ...known(description)],
      categories: known(category),
      tags: [...known(brand && `brand=${brand}`), ...tags],
      price,
    });
  }

  customer(
    customerId: string,
    country: string | undefined,
    segment: string | undefined,
    traits?: string,
  ): void {
    this.customers.set(customerId, this.customers.size);
    this.countries.push(country ?? null);
    this.segments.push(segment ?? null);
    this.traits.push(traits === undefined || traits === '{}' ? null : traits);
  }

  promotion(productId: string, discountShare: number, fromSeconds: number, untilSeconds: number): void {
    const product = this.products.get(productId);
    // Nobody can be offered what the catalogue does not have.
    if (product !== undefined) this.promotions.add(product, discountShare, fromSeconds, untilSeconds);
  }

  interaction(
    kind: EventKind,
    customerId: string | undefined,
    productId: string,
    epochSeconds: number,
    quantity: number,
    unitPrice: number,
    rating: number,
    orderId: string | undefined,
    eventId: string,
  ): void {
    if (this.count === this.events.count) this.events = resize(this.events, 2 * this.count);
    const { events, count: row } = this;
    events.kind[row] = InteractionKind[kind];
    events.customer[row] = customerId === undefined ? -1 : this.customerIndex(customerId);
    events.product[row] = this.productIndex(productId);
    events.timeSeconds[row] = epochSeconds;
    events.quantity[row] = quantity;
    events.unitPrice[row] = unitPrice;
    events.rating[row] = rating;
    events.order[row] = orderId === undefined ? -1 : indexOf(this.orders, orderId);
    events.splitHash[row] = hashEvent(this.splitSeed, customerId ?? '', productId, eventId);
    if (epochSeconds > this.watermarkSeconds) this.watermarkSeconds = epochSeconds;
    this.count++;
  }

  finish(): Snapshot {
    const events = resize(this.events, this.count);
    events.customerCount = this.customers.size;
    events.productCount = this.products.size;
    events.orderCount = this.orders.size;
    return {
      events,
      productIds: [...this.products.keys()],
      categories: this.categories,
      names: this.names,
      brands: this.brands,
      tags: this.tags,
      margins: Float32Array.from(this.margins),
      privateLabel: Uint8Array.from(this.privateLabel),
      promotions: this.promotions.finish(),
      prices: Float64Array.from(this.prices),
      attributes: this.attributes.finish(),
      retired: Uint8Array.from(this.retired),
      customerIds: [...this.customers.keys()],
      countries: this.countries,
      segments: this.segments,
      traits: this.traits,
      watermarkSeconds: this.watermarkSeconds,
    };
  }

  /** Outcomes may name what no import has brought: it is taken in with nothing known about it. */
  private customerIndex(customerId: string): number {
    const known = this.customers.get(customerId);
    if (known !== undefined) return known;
    this.customer(customerId, undefined, undefined);
    return this.customers.size - 1;
  }

  /** A product that only an outcome names is not one that is sold. */
  private productIndex(productId: string): number {
    const known = this.products.get(productId);
    if (known !== undefined) return known;
    this.product(productId, undefined, NaN, true);
    return this.products.size - 1;
  }
}

function indexOf(indices: Map<string, number>, id: string): number {
  let index = indices.get(id);
  if (index === undefined) {
    index = indices.size;
    indices.set(id, index);
  }
  return index;
}

const COLUMNS = [
  'customer',
  'product',
  'timeSeconds',
  'quantity',
  'unitPrice',
  'rating',
  'kind',
  'order',
  'splitHash',
] as const;

function resize(events: EventColumns, count: number): EventColumns {
  const resized = allocateEvents(count);
  for (const column of COLUMNS) {
    resized[column].set(events[column].subarray(0, Math.min(events.count, count)));
  }
  return resized;
}
