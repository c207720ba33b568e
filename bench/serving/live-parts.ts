// A model, a catalogue and profiles as a night leaves them beside the lists, of a shop that never was.
import {
  algorithms,
  allocateEvents,
  combineIntoHybrid,
  commercialFeatures,
  createRandom,
  InlineExecutor,
  InteractionKind,
  prepareDataset,
  strengthDefaults,
  type EventColumns,
} from '#libs/algorithms';
import { encodeArtifact, type ListWriter } from '#libs/domain';
import {
  buildProductColumns,
  CATALOGUE_PART,
  customerViewOf,
  encodeProfile,
  MODEL_PART,
  NO_PROMOTIONS,
  type Catalogue,
} from '#libs/serving';

const SEED = 20261121;
const DAY = 86_400;
const LINES_PER_CUSTOMER = 40;
const LINES_PER_ORDER = 5;
const CATEGORIES = 100;

/** Customers of the benchmark who have bought something: the first of them have profiles. */
export const LIVE_CUSTOMERS = 5_000;

/** Puts the parts that a request computes with into a list file of `products` products. */
export async function putLiveParts(
  writer: ListWriter,
  customerIds: readonly string[],
  products: number,
  factors: number,
): Promise<void> {
  const events = shopping(products);
  const nowSeconds = 1_000 * DAY;
  const executor = new InlineExecutor();
  const trainingSet = { nowSeconds, halfLifeDays: 60, popularityHalfLifeDays: 14 };
  const options = { strength: strengthDefaults, split: undefined, trainingSet };
  const { training } = await prepareDataset(events, options, executor);
  const context = { seed: SEED, executor };
  const model = combineIntoHybrid([
    await algorithms.popularity.fit(training, algorithms.popularity.defaults, context),
    await algorithms['item-cf'].fit(training, algorithms['item-cf'].defaults, context),
    await algorithms.ials.fit(training, { ...algorithms.ials.defaults, factors }, context),
  ]).serialize();
  const prices = Float64Array.from({ length: products }, (_, p) => 1 + (p % 97));
  const features = commercialFeatures(events, prices, nowSeconds);
  const categories = Array.from({ length: products }, (_, p) => `category ${p % CATEGORIES}`);
  const facts = {
    categories,
    brands: categories.map((_, p) => `brand ${p % 37}`),
    margins: new Float32Array(products).fill(NaN),
    privateLabel: new Uint8Array(products),
    promotions: NO_PROMOTIONS,
  };
  const catalogue: Catalogue = {
    columns: buildProductColumns(features, facts),
    names: categories.map((_, p) => `Product number ${p}`),
    ...{ categories, brands: facts.brands },
    tags: categories.map((_, p) => [`size=${p % 5}`]),
    sold: new Uint8Array(products).fill(1),
    popularity: training.popularity,
    repeatPurchases: true,
  };
  writer.putPart(CATALOGUE_PART, Buffer.concat([...encodeArtifact(catalogue)]));
  writer.putPart(MODEL_PART, Buffer.concat([...encodeArtifact({ productMap: null, model })]));
  const { offsets, indices, values } = training.byCustomer;
  for (let customer = 0; customer < LIVE_CUSTOMERS; customer++) {
    const [start, end] = [offsets[customer], offsets[customer + 1]];
    writer.putProfile(
      customerIds[customer],
      encodeProfile({
        ...customerViewOf(features, customer),
        ...{ loyaltyTier: 0, rfm: [3, 3, 3], traitsJson: '{"region":"north"}' },
        history: { products: indices.subarray(start, end), values: values.subarray(start, end) },
      }),
    );
  }
}

/** Customers with a taste for a few categories each. */
function shopping(products: number): EventColumns {
  const random = createRandom(SEED);
  const events = allocateEvents(LIVE_CUSTOMERS * LINES_PER_CUSTOMER);
  for (let e = 0; e < events.count; e++) {
    const customer = Math.floor(e / LINES_PER_CUSTOMER);
    const category = (customer * 13 + random.nextInt(4) * 7) % CATEGORIES;
    events.customer[e] = customer;
    events.product[e] = category + CATEGORIES * random.nextInt(products / CATEGORIES);
    events.order[e] = Math.floor(e / LINES_PER_ORDER);
    events.timeSeconds[e] = (600 + random.nextInt(400)) * DAY;
    events.quantity[e] = 1;
    events.unitPrice[e] = 1 + (events.product[e] % 97);
    events.kind[e] = InteractionKind.purchase;
  }
  const orderCount = events.count / LINES_PER_ORDER;
  return Object.assign(events, { customerCount: LIVE_CUSTOMERS, productCount: products, orderCount });
}
