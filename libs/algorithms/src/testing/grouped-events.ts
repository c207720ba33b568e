import type { EventColumns } from '../dataset/event-columns.js';
import { allocateEvents, InteractionKind } from '../dataset/event-columns.js';
import { hashEvent } from '../dataset/hash-event.js';
import { preferenceStrengths } from '../dataset/preference-strength.js';
import type { ProductAttributes } from '../dataset/product-attributes.js';
import { ProductAttributesBuilder } from '../dataset/product-attributes-builder.js';
import type { TrainingSet } from '../dataset/training-set.js';
import { buildTrainingSet } from '../dataset/training-set.js';
import { createRandom } from '../statistics/random.js';

export const NOW_SECONDS = 1_700_000_000;

/** Purchases of customers who mostly stay within one of four groups of products; a tenth of the lines are anonymous. */
export function groupedEvents(customers = 120, products = 40, perCustomer = 12, seed = 7): EventColumns {
  const random = createRandom(seed);
  const events = allocateEvents(customers * perCustomer);
  for (let e = 0; e < events.count; e++) {
    const customer = e % customers;
    const group = customer % 4;
    const isTypical = random.nextFloat() < 0.85;
    const product = isTypical ? group + 4 * random.nextInt(products / 4) : random.nextInt(products);
    events.customer[e] = random.nextFloat() < 0.1 ? -1 : customer;
    events.product[e] = product;
    events.order[e] = Math.floor(e / 4);
    events.timeSeconds[e] = NOW_SECONDS - random.nextInt(90 * 86400);
    events.quantity[e] = 1 + random.nextInt(5);
    events.unitPrice[e] = 1 + random.nextInt(20);
    events.kind[e] = InteractionKind.purchase;
    events.splitHash[e] = hashEvent(seed, `c${customer}`, `p${product}`, `e${e}`);
  }
  const orderCount = Math.ceil(events.count / 4);
  return Object.assign(events, { customerCount: customers, productCount: products, orderCount });
}

/** A catalogue that names each product's group as its category and prices it by its index. */
export function groupedAttributes(products = 40): ProductAttributes {
  const builder = new ProductAttributesBuilder();
  for (let p = 0; p < products; p++) {
    const texts = [`Product of kind ${p % 4} and shape ${p % 10}`];
    builder.add({ texts, categories: [`group ${p % 4}`], tags: [`colour=${p % 3}`], price: 1 + p });
  }
  return builder.finish();
}

export function groupedTrainingSet(): TrainingSet {
  const events = groupedEvents();
  const options = { nowSeconds: NOW_SECONDS, halfLifeDays: 60 };
  const training = buildTrainingSet(events, preferenceStrengths(events), undefined, options);
  return { ...training, attributes: groupedAttributes() };
}
