import type { Tone } from '../../parts/tag.js';
import type { FleetFilter, FleetSort } from '../queries.js';

export interface TenantSearch extends FleetFilter {
  sort?: FleetSort;
  order?: 'desc';
}

export const STATES = ['on', 'frozen', 'off'] as const;
export const SIZES = ['empty', 'small', 'medium', 'large'] as const;
export const AGES = ['firstMonth', 'firstHalfYear', 'older'] as const;
export const TROUBLES = ['failed', 'late', 'unreadable', 'rejected', 'falling', 'quota'] as const;
export type Trouble = (typeof TROUBLES)[number];
const SORTS = [
  'trouble',
  'tenant',
  'state',
  'template',
  'size',
  'age',
  'lastRun',
  'accuracy',
  'cost',
] as const;

export const TROUBLE_WORDS: Readonly<Record<Trouble, string>> = {
  failed: 'run failed',
  late: 'late lists',
  unreadable: 'model unreadable',
  rejected: 'data rejected',
  falling: 'accuracy falling',
  quota: 'quota',
};
export const TROUBLE_TONES: Readonly<Record<Trouble, Tone>> = {
  failed: 'bad',
  late: 'bad',
  unreadable: 'bad',
  rejected: 'warn',
  falling: 'warn',
  quota: 'warn',
};
export const SIZE_WORDS = {
  empty: 'nothing yet',
  small: 'below 10,000',
  medium: 'below 100,000',
  large: '100,000 and more',
} as const;
export const AGE_WORDS = {
  firstMonth: 'first month',
  firstHalfYear: 'first half year',
  older: 'older',
} as const;

const LONGEST_TEXT = 100;

/** What is in the address, as far as it makes sense. */
export function readTenantSearch(search: Record<string, unknown>): TenantSearch {
  const version = Number(search.templateVersion);
  const text =
    typeof search.text === 'string' ? search.text.slice(0, LONGEST_TEXT) : String(search.text ?? '');
  const read = {
    state: oneOf(STATES, search.state),
    templateVersion: Number.isInteger(version) && version > 0 ? version : undefined,
    size: oneOf(SIZES, search.size),
    age: oneOf(AGES, search.age),
    trouble: oneOf(['any', ...TROUBLES] as const, search.trouble),
    text: text === '' ? undefined : text,
    sort: oneOf(SORTS, search.sort),
    order: search.order === 'desc' ? ('desc' as const) : undefined,
  };
  return Object.fromEntries(Object.entries(read).filter(([, value]) => value !== undefined)) as TenantSearch;
}

function oneOf<const T extends readonly string[]>(known: T, value: unknown): T[number] | undefined {
  return known.find((each) => each === value);
}
