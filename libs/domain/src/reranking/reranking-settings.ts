/** One number of a step, and what it may be. */
export interface SettingRange {
  readonly default: number;
  readonly min: number;
  readonly max: number;
  readonly doc: string;
  readonly whole?: true;
}

interface StepDescription {
  /** Whether the step is on for a tenant that never said anything: docs/reranking.md has the rule and the measurements. */
  readonly enabled: boolean;
  readonly doc: string;
  readonly parameters: Readonly<Record<string, SettingRange>>;
}

const range = (byDefault: number, min: number, max: number, doc: string): SettingRange => ({
  default: byDefault,
  min,
  max,
  doc,
});

const whole = (byDefault: number, min: number, max: number, doc: string): SettingRange => ({
  ...range(byDefault, min, max, doc),
  whole: true,
});

/** The steps of re-ranking, in the order in which they act. */
export const RERANKING_STEPS = {
  repurchaseCycle: {
    enabled: false,
    doc: 'Hides what was bought just now, and raises what is due again.',
    parameters: {
      hiddenShare: range(0.5, 0, 1, 'Hidden until this share of the cycle has passed.'),
      dueBonus: range(0.15, 0, 5, 'Added to the score, as a share of it, when due.'),
      dueFrom: range(0.9, 0.1, 2, 'Due from this share of the cycle on.'),
      dueUntil: range(2, 1, 10, 'No longer due after this many cycles: the habit seems to have ended.'),
    },
  },
  maximumPriceRatio: {
    enabled: false,
    doc: 'Leaves out what costs more than a multiple of what the customer usually pays.',
    parameters: { ratio: range(2, 1, 100, 'Price over the customer’s mean price.') },
  },
  priceSensitivity: {
    enabled: false,
    doc: 'Lowers what is dearer than the customer usually buys; more for sensitive products, less for insensitive ones.',
    parameters: {
      above: range(1.5, 1, 100, 'Price over the customer’s mean price from which the penalty begins.'),
      strength: range(1, 0, 5, 'Exponent of the penalty.'),
    },
  },
  spendingSegment: {
    enabled: false,
    doc: 'Raises the price tiers in which the customer’s spending segment buys more often than others.',
    parameters: { weight: range(0.2, 0, 1, 'Share of the difference that counts.') },
  },
  upsell: {
    enabled: false,
    doc: 'Raises what is somewhat dearer than usual, up to the maximum price ratio.',
    parameters: {
      factor: range(0.1, 0, 1, 'Bonus at the upper end.'),
      upTo: range(2, 1.1, 100, 'Upper end: price over the customer’s mean price.'),
    },
  },
  priceBoost: {
    enabled: false,
    doc: 'Raises dear products and lowers cheap ones, by their place in the catalogue.',
    parameters: { weight: range(0.2, 0, 1, 'Bonus of the dearest, penalty of the cheapest.') },
  },
  margin: {
    enabled: false,
    doc: 'Raises what earns more than the average product (attribute margin: 0 to 1, or cost).',
    parameters: { weight: range(0.5, 0, 5, 'Bonus for each unit of margin above the average.') },
  },
  privateLabel: {
    enabled: false,
    doc: 'Raises the tenant’s own brands (attribute privateLabel: true).',
    parameters: { bonus: range(0.1, 0, 5, 'Bonus as a share of the score.') },
  },
  promotion: {
    enabled: false,
    doc: 'Raises what is on promotion now.',
    parameters: { weight: range(0.5, 0, 5, 'Bonus for each unit of discount; 0.1 where none is known.') },
  },
  serendipity: {
    enabled: false,
    doc: 'Raises what comes from categories that are new to the customer.',
    parameters: { weight: range(0.1, 0, 5, 'Bonus for a category never bought from.') },
  },
  popularityDebiasing: {
    enabled: false,
    doc: 'Lowers what everybody buys anyway.',
    parameters: { exponent: range(0.1, 0, 1, 'Of the number of buyers over that of a middling product.') },
  },
  diversity: {
    enabled: true,
    doc: 'Maximal marginal relevance: each place goes to what is relevant and unlike the places before.',
    parameters: {
      weight: range(0.1, 0, 1, '0 looks at relevance alone, 1 at difference alone.'),
      places: whole(20, 1, 100, 'How many places are filled that way; what follows goes by relevance.'),
    },
  },
  exposureCaps: {
    enabled: false,
    doc: 'Bounds how many places one category takes in a list, and how many lists one product heads.',
    parameters: {
      perCategory: whole(5, 1, 1000, 'Places of one category among the first ones.'),
      places: whole(10, 1, 1000, 'How many places count as the first ones.'),
      listShare: range(0.5, 0.001, 1, 'Largest share of the night’s lists that show one product there.'),
    },
  },
} as const satisfies Readonly<Record<string, StepDescription>>;

export type RerankingStepName = keyof typeof RERANKING_STEPS;
export const RERANKING_STEP_NAMES = Object.keys(RERANKING_STEPS) as readonly RerankingStepName[];

/** Settings that belong to no single step. */
export const RERANKING_NUMBERS = {
  candidates: whole(200, 10, 1000, 'Products that the first level hands to the second.'),
  otherCandidates: range(
    0,
    0,
    0.5,
    'Share of them taken from what is bought together and what is popular, where the promoted model does not hold these itself. At 0 they only fill lists that the model leaves short.',
  ),
  minimumRelevance: range(0, 0, 1, 'Score over the best score of the list below which nothing is offered.'),
  frozenStaleDays: range(30, 1, 3650, 'A frozen tenant whose lists are older than this offers nothing.'),
  newProducts: whole(
    1,
    0,
    20,
    'Places of a list for products that nobody has bought yet, chosen by content.',
  ),
  newProductsFrom: whole(9, 0, 1000, 'First place for them, counted from 0.'),
} as const satisfies Readonly<Record<string, SettingRange>>;

export type StepSettings<S extends RerankingStepName> = {
  readonly enabled: boolean;
} & { readonly [P in keyof (typeof RERANKING_STEPS)[S]['parameters']]: number };

/** Complete settings: what re-ranking works with. */
export type RerankingSettings = {
  readonly steps: { readonly [S in RerankingStepName]: StepSettings<S> };
} & { readonly [N in keyof typeof RERANKING_NUMBERS]: number };

/** What a tenant has set: everything absent takes its default, so that a better default reaches whoever never asked. */
export type RerankingOverrides = {
  readonly steps?: { readonly [S in RerankingStepName]?: Partial<StepSettings<S>> };
} & { readonly [N in keyof typeof RERANKING_NUMBERS]?: number };

export function completeReranking(overrides: RerankingOverrides = {}): RerankingSettings {
  const { steps = {}, ...numbers } = overrides;
  const completed = RERANKING_STEP_NAMES.map((name) => [name, { ...defaultsOf(name), ...steps[name] }]);
  return {
    ...Object.fromEntries(Object.entries(RERANKING_NUMBERS).map(([name, rule]) => [name, rule.default])),
    ...numbers,
    steps: Object.fromEntries(completed),
  } as RerankingSettings;
}

function defaultsOf(name: RerankingStepName): Readonly<Record<string, boolean | number>> {
  const { enabled, parameters } = RERANKING_STEPS[name];
  const numbers = Object.entries<SettingRange>(parameters).map(([key, rule]) => [key, rule.default]);
  return { enabled, ...Object.fromEntries(numbers) };
}
