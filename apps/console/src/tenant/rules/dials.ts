export interface Dial {
  readonly step: string;
  readonly parameter: string;
  readonly label: string;
  readonly meaning: string;
  readonly min: number;
  readonly max: number;
  readonly by: number;
  /** The value as what it does. */
  readonly unit: (value: number) => string;
}

const percentOf = (value: number): string => `${Number((100 * value).toFixed(1))} %`;

export const DIALS: readonly Dial[] = [
  {
    ...{ step: 'upsell', parameter: 'factor', label: 'Upselling', min: 0, max: 1, by: 0.05 },
    meaning: 'Raises what is somewhat dearer than this customer usually buys.',
    unit: (value) => `up to +${percentOf(value)} of the score`,
  },
  {
    ...{ step: 'diversity', parameter: 'weight', label: 'Variety', min: 0, max: 1, by: 0.05 },
    meaning: 'Gives each place to what fits and is unlike the places before.',
    unit: (value) => `${percentOf(value)} variety, ${percentOf(1 - value)} relevance`,
  },
  {
    ...{ step: 'priceBoost', parameter: 'weight', label: 'Price boost', min: 0, max: 1, by: 0.05 },
    meaning: 'Raises dear products and lowers cheap ones, for everybody.',
    unit: (value) => `dearest +${percentOf(value)}, cheapest −${percentOf(value)} of the score`,
  },
  {
    ...{ step: 'priceSensitivity', parameter: 'strength', label: 'Care for the purse' },
    ...{ min: 0, max: 5, by: 0.25 },
    meaning: 'Lowers what costs more than 1.5 times what this customer usually pays.',
    unit: (value) => `at 3 times the usual price: score × ${(0.5 ** value).toFixed(2)}`,
  },
  {
    ...{ step: 'maximumPriceRatio', parameter: 'ratio', label: 'Highest price' },
    ...{ min: 1, max: 10, by: 0.5 },
    meaning: 'Leaves out what costs more than so many times what this customer usually pays.',
    unit: (value) => `${value} times the usual price at most`,
  },
  {
    ...{ step: 'serendipity', parameter: 'weight', label: 'Surprise', min: 0, max: 2, by: 0.1 },
    meaning: 'Raises categories that this customer has never bought from.',
    unit: (value) => `+${percentOf(value)} of the score`,
  },
];

export type Steps = Readonly<Record<string, Readonly<Record<string, number | boolean>>>>;

export const isSteps = (value: unknown): value is Steps =>
  typeof value === 'object' &&
  value !== null &&
  Object.values(value).every((step) => typeof step === 'object' && step !== null);

/** Only what was touched is set: everything else keeps following the defaults. */
export function withSteps(
  settings: Readonly<Record<string, unknown>>,
  changes: Steps,
): Record<string, unknown> {
  const before = (settings.steps ?? {}) as Steps;
  const steps = Object.fromEntries(
    [...new Set([...Object.keys(before), ...Object.keys(changes)])].map((step) => [
      step,
      { ...before[step], ...changes[step] },
    ]),
  );
  return { ...settings, steps };
}
