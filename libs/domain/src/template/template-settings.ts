import { InvalidInputError, type FieldError } from '../errors/nightshift-error.js';
import { gateProblems, type GateSettings } from './gate-settings.js';
import { PIPELINE_TEMPLATE, type PipelineTemplate } from './pipeline-template.js';
import { isRecord, problemsOf, within, type Check } from './setting-checks.js';

/**
 * What a template version does differently from the first one. What cohorts are compared by is left out: the seed, the holdout
 * and the negatives are the same for every version, or their numbers could not be held against each other.
 */
export interface TemplateSettings extends Partial<
  Pick<
    PipelineTemplate,
    'algorithms' | 'recipe' | 'tuningSeconds' | 'halfLifeDays' | 'popularityHalfLifeDays' | 'listLength'
  >
> {
  /** By algorithm; put on top of the first version's. */
  readonly params?: PipelineTemplate['params'];
  readonly gate?: Partial<GateSettings>;
}

const NAME = /^[a-z0-9-]{1,40}$/;

const CHECKS: Readonly<Record<keyof TemplateSettings, Check>> = {
  algorithms: algorithmsProblem,
  params: (value) =>
    isRecord(value) && Object.entries(value).every(([name, params]) => NAME.test(name) && isRecord(params))
      ? undefined
      : 'must be {"algorithm": {…}, …}.',
  recipe: (value) => {
    const { algorithm, params, ...others } = isRecord(value) ? value : {};
    const fits = typeof algorithm === 'string' && NAME.test(algorithm) && isRecord(params);
    return fits && Object.keys(others).length === 0
      ? undefined
      : 'must be {"algorithm": name, "params": {…}}.';
  },
  tuningSeconds: within(0, 3_600),
  halfLifeDays: within(1, 3_650),
  popularityHalfLifeDays: within(1, 3_650),
  listLength: within(1, 1_000, true),
  gate: () => undefined,
};

/**
 * Which algorithms there are and which parameters they have is known where they are trained.
 * @throws InvalidInputError `invalidTemplate`, naming every field
 */
export function validateTemplateSettings(value: unknown): TemplateSettings {
  if (!isRecord(value)) throw new InvalidInputError('invalidTemplate', 'Settings must be a JSON object.');
  const fields = [
    ...problemsOf(value, CHECKS, ''),
    ...(value.gate === undefined ? [] : gateProblems(value.gate)),
    ...hybridProblems(value),
  ];
  if (fields.length === 0) return value as TemplateSettings;
  const message = fields.map((each) => `${each.field}: ${each.message}`).join(' ');
  throw new InvalidInputError('invalidTemplate', message, fields);
}

/** The whole template of a version. */
export function completeTemplate(
  version: number,
  { params, gate, ...others }: TemplateSettings,
): PipelineTemplate {
  const merged = { ...PIPELINE_TEMPLATE.params };
  for (const [name, own] of Object.entries(params ?? {})) merged[name] = { ...merged[name], ...own };
  return {
    ...PIPELINE_TEMPLATE,
    ...others,
    version,
    params: merged,
    gate: { ...PIPELINE_TEMPLATE.gate, ...gate },
  };
}

/** A first night compares with popularity, and a night without anything else has nothing to compare. */
function algorithmsProblem(value: unknown): string | undefined {
  const names = Array.isArray(value) ? value : [];
  const distinct = new Set(names).size === names.length;
  if (distinct && names.length <= 20 && names.every((name) => typeof name === 'string' && NAME.test(name)))
    if (names.length > 1 && names.includes('popularity')) return undefined;
  return 'must be popularity and one to nineteen other names of algorithms, each once.';
}

/** Without parameters of its own the hybrid combines what the night has trained before it. */
function hybridProblems({ algorithms, params }: Readonly<Record<string, unknown>>): FieldError[] {
  const names: readonly unknown[] = Array.isArray(algorithms) ? algorithms : PIPELINE_TEMPLATE.algorithms;
  const ownParams = isRecord(params) && isRecord(params.hybrid) && Object.keys(params.hybrid).length > 0;
  const before = names.slice(0, Math.max(0, names.indexOf('hybrid')));
  if (!names.includes('hybrid') || ownParams) return [];
  const missing = ['popularity', 'item-cf', 'ials'].filter((part) => !before.includes(part));
  if (missing.length === 0) return [];
  const message = `the hybrid combines models that come before it: ${missing.join(', ')} is missing.`;
  return [{ field: 'algorithms', code: 'invalid', message }];
}
