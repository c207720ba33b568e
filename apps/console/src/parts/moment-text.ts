export type Detail = 'minute' | 'second' | 'day';

const FORMATS: Readonly<Record<Detail, Intl.DateTimeFormatOptions>> = {
  day: { day: 'numeric', month: 'short', year: 'numeric' },
  minute: { day: 'numeric', month: 'short', year: 'numeric', hour: '2-digit', minute: '2-digit' },
  second: {
    ...{ day: 'numeric', month: 'short', year: 'numeric' },
    ...{ hour: '2-digit', minute: '2-digit', second: '2-digit' },
  },
};

export function momentText(at: string, timeZone: string, detail: Detail = 'minute'): string {
  return new Intl.DateTimeFormat('en-GB', { ...FORMATS[detail], timeZone }).format(new Date(at));
}
