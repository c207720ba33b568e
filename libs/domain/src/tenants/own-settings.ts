import { InvalidInputError, type FieldError } from '../errors/nightshift-error.js';
import { RETENTION_POLICY } from '../retention/retention-policy.js';
import { OWN_GATE_RANGES } from '../template/gate-settings.js';
import { cloneTemplate, type PipelineTemplate } from '../template/pipeline-template.js';
import {
  RETENTION_DAYS,
  SETTING_RANGES,
  validateTenantSettings,
  type SettingNumberRange,
  type TenantSettings,
} from './tenant-settings.js';

/** What takes the platform's time and is not a tenant's to change: operators set it on the command line. */
export const PLATFORM_SETTINGS = ['recipe', 'tuningSeconds'] as const;
export type OwnSettings = Omit<TenantSettings, (typeof PLATFORM_SETTINGS)[number]>;
type PlatformSettings = Pick<TenantSettings, (typeof PLATFORM_SETTINGS)[number]>;

/** One setting as it holds. */
export interface SettingInForce {
  /** With a dot where it is part of another: `gate.ndcgMargin`. */
  readonly name: string;
  /** Null: for good. */
  readonly value: number | boolean | null;
  /** What holds without a value of the tenant's own. */
  readonly templateValue: number | boolean | null;
  readonly source: 'tenant' | 'template';
  readonly range: SettingNumberRange | undefined;
}

/**
 * @throws InvalidInputError `invalidSettings`, naming every field that is unknown, out of range or the platform's
 */
export function validateOwnSettings(value: unknown): OwnSettings {
  const settings = validateTenantSettings(value);
  const fields = PLATFORM_SETTINGS.filter((name) => settings[name] !== undefined).map(
    (field): FieldError => ({
      field,
      code: 'platformSetting',
      message: 'is set by the platform’s operator.',
    }),
  );
  if (fields.length === 0) return settings;
  const message = fields.map((each) => `${each.field}: ${each.message}`).join(' ');
  throw new InvalidInputError('invalidSettings', message, fields);
}

export function splitSettings(settings: TenantSettings): { own: OwnSettings; platform: PlatformSettings } {
  const { recipe, tuningSeconds, ...own } = settings;
  return {
    own,
    platform: {
      ...(recipe === undefined ? {} : { recipe }),
      ...(tuningSeconds === undefined ? {} : { tuningSeconds }),
    },
  };
}

/** Every setting that a tenant may change, with where its value comes from. */
export function settingsInForce(own: OwnSettings, template: PipelineTemplate): SettingInForce[] {
  const now = cloneTemplate(own, template);
  const numbers = Object.entries(SETTING_RANGES)
    .filter(([name]) => !isPlatformSetting(name))
    .map(([name, range]) => {
      const key = name as Exclude<keyof typeof SETTING_RANGES, 'tuningSeconds'>;
      return setting(name, now[key], template[key], own[key] !== undefined, range);
    });
  const gate = Object.entries(OWN_GATE_RANGES).map(([name, range]) => {
    const key = name as keyof typeof OWN_GATE_RANGES;
    return setting(`gate.${name}`, now.gate[key], template.gate[key], own.gate?.[key] !== undefined, range);
  });
  const repeat = [now.repeatPurchases, template.repeatPurchases, own.repeatPurchases !== undefined] as const;
  return [...numbers, setting('repeatPurchases', ...repeat, undefined), ...gate, ...retentionInForce(own)];
}

function retentionInForce({ retention = {} }: OwnSettings): SettingInForce[] {
  const range = { ...RETENTION_DAYS, integer: true };
  const parts = [
    ['feedbackDays', RETENTION_POLICY.feedback],
    ['interactionDays', RETENTION_POLICY.interactions ?? null],
  ] as const;
  return parts.map(([name, usual]) => {
    const days = retention[name];
    return setting(`retention.${name}`, days ?? usual, usual, days !== undefined, range);
  });
}

function setting(
  name: string,
  value: number | boolean | null,
  templateValue: number | boolean | null,
  isOwn: boolean,
  range: SettingNumberRange | undefined,
): SettingInForce {
  return { name, value, templateValue, source: isOwn ? 'tenant' : 'template', range };
}

function isPlatformSetting(name: string): boolean {
  return (PLATFORM_SETTINGS as readonly string[]).includes(name);
}
