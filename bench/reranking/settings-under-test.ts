import {
  completeReranking,
  RERANKING_STEP_NAMES,
  RERANKING_STEPS,
  type RerankingSettings,
  type RerankingStepName,
} from '#libs/domain';

/** Steps of which these data say nothing: no margins, no own brands, no promotions. */
export const WITHOUT_DATA: readonly RerankingStepName[] = ['margin', 'privateLabel', 'promotion'];

export interface Variant {
  readonly name: string;
  readonly settings: RerankingSettings;
}

/** Nothing, each step alone with its default parameters, what is on by default, and everything at once. */
export function variants(): Variant[] {
  return [
    { name: 'none', settings: withOnly() },
    ...RERANKING_STEP_NAMES.filter((name) => !WITHOUT_DATA.includes(name)).map((name) => ({
      name,
      settings: withOnly(name),
    })),
    {
      name: 'default',
      settings: withOnly(...RERANKING_STEP_NAMES.filter((name) => RERANKING_STEPS[name].enabled)),
    },
    { name: 'all', settings: withOnly(...RERANKING_STEP_NAMES) },
  ];
}

function withOnly(...names: readonly RerankingStepName[]): RerankingSettings {
  const steps = RERANKING_STEP_NAMES.map((name) => [name, { enabled: names.includes(name) }]);
  return completeReranking({ steps: Object.fromEntries(steps) });
}
