import type { Algorithm, NumberDescription, ParameterDescription } from '../models/algorithm.js';
import type { RandomSource } from '../statistics/random.js';

export type Params = Readonly<Record<string, unknown>>;

/** The parameters that a search may move: none of those given, and none whose search bounds leave nothing to choose. */
export function searchSpace(algorithm: Algorithm<object>, given: Params): ParameterDescription[] {
  return algorithm.parameters.filter(
    (parameter) => !Object.hasOwn(given, parameter.name) && !isSettled(parameter),
  );
}

function isSettled(parameter: ParameterDescription): boolean {
  if (parameter.type === 'choice') return (parameter.searchChoices ?? parameter.choices).length < 2;
  const [low, high] = searchBounds(parameter);
  return low >= high;
}

function searchBounds({ min, max, searchMin, searchMax }: NumberDescription): [number, number] {
  return [searchMin ?? min, searchMax ?? max];
}

/** A point of the space, uniform over each parameter's bounds, or over their logarithms (`scale: 'log'`). */
export function sampleParams(space: readonly ParameterDescription[], random: RandomSource): Params {
  return Object.fromEntries(space.map((parameter) => [parameter.name, sampleValue(parameter, random)]));
}

function sampleValue(parameter: ParameterDescription, random: RandomSource): number | string {
  if (parameter.type === 'choice') {
    const choices = parameter.searchChoices ?? parameter.choices;
    return choices[random.nextInt(choices.length)];
  }
  const [low, high] = searchBounds(parameter);
  const share = random.nextFloat();
  const value = parameter.scale === 'log' ? low * (high / low) ** share : low + share * (high - low);
  const rounded = parameter.type === 'integer' ? Math.round(value) : Number(value.toPrecision(4));
  return Math.min(high, Math.max(low, rounded));
}
