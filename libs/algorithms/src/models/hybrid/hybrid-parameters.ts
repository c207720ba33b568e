import { AlgorithmRangeError } from '../../errors.js';
import type { Algorithm, ParameterDescription } from '../algorithm.js';
import { refuseUnknownKeys, requireObject, validateParameters } from '../parameters.js';
import type { Normalisation } from './score-normalisation.js';
import { NORMALISATIONS } from './score-normalisation.js';

/** The algorithms that a hybrid may be made of, by name: all but the hybrid. */
export type HybridMembers = Readonly<Record<string, Algorithm<object>>>;

/** A part's weight beside its own parameters (`parts.ials.weight`, `parts.ials.factors`). */
export type HybridPartParams = { readonly weight: number } & Readonly<Record<string, unknown>>;

export interface HybridParams {
  readonly normalisation: Normalisation;
  /** `learned`: the weights given are only where the search starts. A fitted model always says `given`. */
  readonly weighting: 'given' | 'learned';
  /** By algorithm, in alphabetical order, so that equal parameters serialise equally. */
  readonly parts: Readonly<Record<string, HybridPartParams>>;
}

type HybridOptions = Pick<HybridParams, 'normalisation' | 'weighting'>;

/** The template's hybrid. */
export const DEFAULT_WEIGHTS: Readonly<Record<string, number>> = {
  ials: 0.4,
  'item-cf': 0.4,
  popularity: 0.2,
};

const OPTIONS: readonly ParameterDescription[] = [
  {
    name: 'normalisation',
    type: 'choice',
    choices: NORMALISATIONS,
    default: 'max',
    doc: 'What each part’s scores for a customer are divided by: their largest, range or deviation; or their rank instead.',
  },
  {
    name: 'weighting',
    type: 'choice',
    choices: ['given', 'learned'],
    default: 'given',
    searchChoices: ['given'],
    doc: 'Weights as given, or learned on a fifth of the pairs of up to 2,000 customers (parts are then fitted twice).',
  },
];

const WEIGHT: ParameterDescription = {
  name: 'weight',
  type: 'number',
  default: 1,
  min: 0,
  max: 1,
  doc: 'Weight of the part against the others.',
};

/** Options, then for each member its weight and its own parameters. */
export function describeHybrid(members: HybridMembers): ParameterDescription[] {
  const ofMembers = Object.values(members).flatMap(({ name, parameters }) =>
    [WEIGHT, ...parameters].map((description) => ({
      ...description,
      name: `parts.${name}.${description.name}`,
    })),
  );
  return [...OPTIONS, ...ofMembers];
}

/** The part's own parameters, without the weight. */
export function ownParams({ weight: _weight, ...own }: HybridPartParams): Record<string, unknown> {
  return own;
}

/**
 * Complete parameters. Without `parts` it is the template's hybrid (40 % iALS, 40 % item-CF, 20 % popularity); otherwise
 * exactly the parts that are named, each of weight 1 unless it says so. Only the ratio of the weights matters to a ranking.
 * @throws AlgorithmRangeError PARAMETER_INVALID naming the field
 */
export function validateHybrid(params: unknown, members: HybridMembers): HybridParams {
  const given = requireObject(params, 'params');
  refuseUnknownKeys(given, [...OPTIONS.map(({ name }) => name), 'parts']);
  const { parts: givenParts = defaultParts(), ...options } = given;
  const parts = requireObject(givenParts, 'parts');
  const names = Object.keys(parts).sort();
  const valid = names.map((name): [string, HybridPartParams] => [
    name,
    validatePart(name, parts[name], members),
  ]);
  if (!valid.some(([, { weight }]) => weight > 0))
    throw new AlgorithmRangeError('PARAMETER_INVALID', 'parts', 'no part has a weight above 0');
  return { ...validateParameters<HybridOptions>(OPTIONS, options), parts: Object.fromEntries(valid) };
}

function defaultParts(): Record<string, object> {
  return Object.fromEntries(Object.entries(DEFAULT_WEIGHTS).map(([name, weight]) => [name, { weight }]));
}

function validatePart(name: string, part: unknown, members: HybridMembers): HybridPartParams {
  const prefix = `parts.${name}.`;
  if (!Object.hasOwn(members, name))
    throw new AlgorithmRangeError('PARAMETER_INVALID', `parts.${name}`, 'is no algorithm to combine');
  const { weight, ...own } = requireObject(part, `parts.${name}`);
  const validWeight = validateParameters<{ weight: number }>([WEIGHT], { weight }, prefix);
  try {
    return { ...validWeight, ...members[name].validate(own) };
  } catch (error) {
    if (!(error instanceof AlgorithmRangeError)) throw error;
    const message = error.message.slice(error.field.length + 2);
    throw new AlgorithmRangeError(error.code, prefix + error.field, message);
  }
}
