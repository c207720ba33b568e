import { InvalidInputError, type FieldError } from '../errors/nightshift-error.js';
import { ownGateProblems, type OwnGateSettings } from '../template/gate-settings.js';
import { isRecord, within } from '../template/setting-checks.js';

/**
 * What a tenant may set differently from the template. Stored as JSON in `tenant.settings`; absent fields take the
 * template's value, so that a new template version reaches every tenant that never asked for something else.
 */
export interface TenantSettings {
  /** Whether a product that the customer already has may be recommended again (grocer: yes, fashion: no). */
  readonly repeatPurchases?: boolean;
  /** Half-life of an interaction's weight, in days. */
  readonly halfLifeDays?: number;
  /** Days before the watermark in which rows may be held out. */
  readonly holdoutWindowDays?: number;
  /** Local hour at which the night begins. */
  readonly nightStartsAtHour?: number;
  /** Local hour by which the night's lists are to be fresh; a run that ends later is late. */
  readonly freshByHour?: number;
  /** Ranked products per customer. */
  readonly listLength?: number;
  /** The algorithm to train with parameters of one's own; those that are absent take their defaults. */
  readonly recipe?: { readonly algorithm: string; readonly params?: Readonly<Record<string, unknown>> };
  /** Seconds of each night that may go into finding better parameters for the recipe. */
  readonly tuningSeconds?: number;
  /** Days within which a purchase is tied to the recommendation that showed the product. */
  readonly attributionWindowDays?: number;
  /** New interactions that start a run between two nights; 0: none do by number alone. */
  readonly triggerVolumeRows?: number;
  /** The same as a share of those that the last training saw; 0: never. */
  readonly triggerVolumeShare?: number;
  /** Share by which responses to recommendations must have fallen to start a run; 0: never. */
  readonly triggerDegradationDrop?: number;
  /** Population stability index beyond which drift starts a run; 0: never. */
  readonly triggerDriftPsi?: number;
  /** Hours after a triggered run in which there is no other. */
  readonly triggerCoolDownHours?: number;
  /** Where the tenant's own gate differs: how much worse or better a challenger has to be. */
  readonly gate?: Partial<OwnGateSettings>;
  /** For how many days the tenant's events are kept: feedback, 400 if absent; interactions, for good if absent. */
  readonly retention?: { readonly feedbackDays?: number; readonly interactionDays?: number };
}

export interface SettingNumberRange {
  readonly min: number;
  readonly max: number;
  readonly integer: boolean;
}

export const SETTING_RANGES: Readonly<
  Record<
    Exclude<keyof TenantSettings, 'repeatPurchases' | 'recipe' | 'retention' | 'gate'>,
    SettingNumberRange
  >
> = {
  halfLifeDays: { min: 1, max: 3650, integer: false },
  holdoutWindowDays: { min: 1, max: 365, integer: false },
  nightStartsAtHour: { min: 0, max: 23, integer: true },
  freshByHour: { min: 0, max: 23, integer: true },
  listLength: { min: 1, max: 1000, integer: true },
  tuningSeconds: { min: 0, max: 3600, integer: false },
  attributionWindowDays: { min: 1, max: 90, integer: true },
  triggerVolumeRows: { min: 0, max: 1_000_000_000, integer: true },
  triggerVolumeShare: { min: 0, max: 100, integer: false },
  triggerDegradationDrop: { min: 0, max: 1, integer: false },
  triggerDriftPsi: { min: 0, max: 100, integer: false },
  triggerCoolDownHours: { min: 1, max: 720, integer: false },
};

/** @throws InvalidInputError `invalidSettings`, naming every field that is unknown or out of range */
export function validateTenantSettings(value: unknown): TenantSettings {
  if (!isRecord(value)) {
    throw new InvalidInputError('invalidSettings', 'Settings must be a JSON object.');
  }
  const fields: FieldError[] = [];
  for (const [field, setting] of Object.entries(value)) {
    if (field === 'gate') {
      fields.push(...ownGateProblems(setting));
      continue;
    }
    const problem = settingProblem(field, setting);
    if (problem !== undefined) fields.push({ field, code: 'invalid', message: problem });
  }
  if (fields.length > 0) {
    throw new InvalidInputError(
      'invalidSettings',
      fields.map((f) => `${f.field}: ${f.message}`).join(' '),
      fields,
    );
  }
  return value as TenantSettings;
}

function settingProblem(field: string, setting: unknown): string | undefined {
  if (field === 'repeatPurchases') return typeof setting === 'boolean' ? undefined : 'must be true or false.';
  if (field === 'recipe') return recipeProblem(setting);
  if (field === 'retention') return retentionProblem(setting);
  if (!isNumberSetting(field))
    return `is not a setting; known are repeatPurchases, recipe, retention, gate, ${Object.keys(SETTING_RANGES).join(', ')}.`;
  const { min, max, integer } = SETTING_RANGES[field];
  return within(min, max, integer)(setting);
}

/** The shape alone: which algorithms and parameters there are is known where they are trained. */
function recipeProblem(setting: unknown): string | undefined {
  const { algorithm, params = {}, ...others } = isRecord(setting) ? setting : {};
  const fits = typeof algorithm === 'string' && /^[a-z0-9-]{1,40}$/.test(algorithm) && isRecord(params);
  if (fits && Object.keys(others).length === 0) return undefined;
  return 'must be {"algorithm": name, "params": {…}}, params being optional.';
}

export const RETENTION_DAYS = { min: 30, max: 3650 };

function retentionProblem(setting: unknown): string | undefined {
  const { feedbackDays, interactionDays, ...others } = isRecord(setting) ? setting : { unknown: true };
  const isFit = (days: unknown) =>
    days === undefined ||
    (Number.isInteger(days) &&
      (days as number) >= RETENTION_DAYS.min &&
      (days as number) <= RETENTION_DAYS.max);
  if (isFit(feedbackDays) && isFit(interactionDays) && Object.keys(others).length === 0) return undefined;
  return `must be {"feedbackDays": days, "interactionDays": days}, both optional, whole numbers from ${RETENTION_DAYS.min} to ${RETENTION_DAYS.max}.`;
}

function isNumberSetting(field: string): field is keyof typeof SETTING_RANGES {
  return Object.hasOwn(SETTING_RANGES, field);
}
