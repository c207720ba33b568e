import type { Recipe } from '../registry/model-version.js';
import type { TenantSettings } from '../tenants/tenant-settings.js';
import type { GateSettings } from './gate-settings.js';

/** The stages of a night, in order. A run that is taken over goes on after the last one that finished. */
export const STAGES = [
  'snapshot',
  'validate',
  'prepare',
  'train',
  'evaluate',
  'decide',
  'rank',
  'publish',
] as const;
export type StageName = (typeof STAGES)[number];

/** Everything a night does, written once and cloned for every tenant. */
export interface PipelineTemplate {
  readonly version: number;
  /** Decides which rows are held out and how models are initialised; the same for every night. */
  readonly seed: number;
  readonly repeatPurchases: boolean;
  readonly halfLifeDays: number;
  /** Half-life for best-seller lists alone: what sells now, rather than what a customer likes. */
  readonly popularityHalfLifeDays: number;
  readonly holdoutWindowDays: number;
  /** Share of the recent rows that no training ever sees; not a tenant's to change, or last night's champion would know some. */
  readonly holdoutShare: number;
  readonly calibrationShare: number;
  readonly negativesPerPositive: number;
  readonly nightStartsAtHour: number;
  /** Local hour by which the night's lists are to be fresh. */
  readonly freshByHour: number;
  readonly listLength: number;
  /** What every night trains, simpler algorithms first: ties go to the simpler. */
  readonly algorithms: readonly string[];
  /** By algorithm: where every night goes by other parameters than the algorithm's defaults. */
  readonly params: Readonly<Record<string, Recipe['params']>>;
  /** What is trained with parameters of the tenant's own, besides the models that every night trains. */
  readonly recipe: Recipe;
  /** Seconds for finding better parameters of the recipe. Above 0, a night depends on how fast the machine is. */
  readonly tuningSeconds: number;
  /** Days within which a purchase is tied to the recommendation that showed the product. */
  readonly attributionWindowDays: number;
  /** New interactions that start a run between two nights; 0: none do by number alone. */
  readonly triggerVolumeRows: number;
  /** The same as a share of those that the last training saw (500 at least); 0: never. */
  readonly triggerVolumeShare: number;
  /** Share by which responses to recommendations must have fallen to start a run; 0: never. */
  readonly triggerDegradationDrop: number;
  /** Population stability index beyond which drift starts a run; 0: never. */
  readonly triggerDriftPsi: number;
  /** Hours after a triggered run in which there is no other. */
  readonly triggerCoolDownHours: number;
  /** Model versions whose files are kept for a rollback. */
  readonly keptVersions: number;
  readonly gate: GateSettings;
}

export const PIPELINE_TEMPLATE: PipelineTemplate = {
  version: 1,
  seed: 20261121,
  repeatPurchases: true,
  halfLifeDays: 60,
  popularityHalfLifeDays: 14,
  holdoutWindowDays: 28,
  holdoutShare: 0.2,
  calibrationShare: 0.1,
  negativesPerPositive: 3,
  nightStartsAtHour: 0,
  freshByHour: 6,
  listLength: 100,
  algorithms: ['popularity', 'item-cf', 'ials', 'hybrid'],
  // ADR 23.
  params: { ials: { factors: 128 } },
  recipe: { algorithm: 'hybrid', params: {} },
  tuningSeconds: 0,
  attributionWindowDays: 14,
  triggerVolumeRows: 0,
  triggerVolumeShare: 0.2,
  triggerDegradationDrop: 0.2,
  triggerDriftPsi: 0.25,
  triggerCoolDownHours: 24,
  keptVersions: 7,
  gate: {
    refreshMargin: 0.02,
    changeMinimumEffect: 0.005,
    ndcgMargin: 0.05,
    coverageMargin: 0.2,
    minimumCustomers: 50,
    minimumRows: 200,
    confidence: 0.95,
    resamples: 1000,
  },
};

/** The template with a tenant's own settings on top. */
export function cloneTemplate(
  settings: TenantSettings,
  template: PipelineTemplate = PIPELINE_TEMPLATE,
): PipelineTemplate {
  // What is kept for how long makes no difference to a night.
  const { recipe, retention, gate, ...others } = settings;
  void retention;
  return {
    ...template,
    ...others,
    gate: { ...template.gate, ...gate },
    recipe:
      recipe === undefined ? template.recipe : { algorithm: recipe.algorithm, params: recipe.params ?? {} },
  };
}
