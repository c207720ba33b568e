import { decimals, whole } from '../../parts/numbers.js';
import type { Schemas } from '../queries.js';
import { FIELDS, TIME_ZONE, type SettingKind } from './setting-fields.js';

export type Setting = Schemas['SettingDto'];
export type Value = Setting['value'];
/** What was touched: a value, or undefined for the template's again. */
export type Changes = Readonly<Record<string, Value | string | undefined>>;

/** The tenant's own settings with the changes on top, as the API takes them. */
export function withChanges(own: object, changes: Changes): Record<string, unknown> {
  const wanted = structuredClone(own) as Record<string, Record<string, unknown>>;
  for (const [name, value] of Object.entries(changes)) {
    if (name === TIME_ZONE) continue;
    const [first, second] = name.split('.');
    const place = second === undefined ? wanted : (wanted[first] ??= {});
    const key = second ?? first;
    if (value === undefined || value === null) delete place[key];
    else (place as Record<string, unknown>)[key] = value;
    if (second !== undefined && Object.keys(place).length === 0) delete wanted[first];
  }
  return wanted;
}

/** The value that would hold, and whose it would be. */
export function valueNow(setting: Setting, changes: Changes): { value: Value; isOwn: boolean } {
  if (!Object.hasOwn(changes, setting.name))
    return { value: setting.value, isOwn: setting.source === 'tenant' };
  const changed = changes[setting.name] as Value | undefined;
  return changed === undefined
    ? { value: setting.templateValue, isOwn: false }
    : { value: changed, isOwn: true };
}

/** Without what came back to where it was. */
export function withChange(changes: Changes, setting: Setting, value: Value | undefined): Changes {
  const { [setting.name]: before, ...others } = changes;
  void before;
  const isAsBefore = value === undefined ? setting.source === 'template' : isOwnValue(setting, value);
  return isAsBefore ? others : { ...others, [setting.name]: value };
}

function isOwnValue({ source, value }: Setting, wanted: Value): boolean {
  return source === 'tenant' && value === wanted;
}

export const hourText = (hour: number): string => `${String(hour).padStart(2, '0')}:00`;
/** Without what binary fractions leave behind: 0.07 is 7 %, not 7.000000000000001 %. */
export const toPercent = (share: number): number => Number((share * 100).toPrecision(12));
export const fromPercent = (percent: number): number => Number((percent / 100).toPrecision(12));

const UNITS: Readonly<Partial<Record<SettingKind, string>>> = { days: 'days', hours: 'hours' };

export function valueText(name: string, value: Value | string): string {
  const field = FIELDS.get(name);
  if (typeof value === 'string') return value;
  if (value === null) return field?.whenEmpty ?? 'none';
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (field?.kind === 'hour') return hourText(value);
  if (field?.kind === 'guardrail' && value === 1) return 'off';
  if (field?.kind === 'percent' || field?.kind === 'guardrail') return `${toPercent(value)} %`;
  const number = Number.isInteger(value) ? whole(value) : decimals(value, 2);
  return [number, UNITS[field?.kind ?? 'number']].filter(Boolean).join(' ');
}
