const LOCALE = 'en-GB';
const WHOLE = new Intl.NumberFormat(LOCALE, { maximumFractionDigits: 0 });
const PERCENT = new Intl.NumberFormat(LOCALE, { style: 'percent', maximumFractionDigits: 1 });
const NOTHING = '–';

export const whole = (value: number): string => WHOLE.format(value);

export const decimals = (value: number | null | undefined, digits = 3): string =>
  value === null || value === undefined || !Number.isFinite(value) ? NOTHING : value.toFixed(digits);

export const percent = (share: number | null | undefined): string =>
  share === null || share === undefined ? NOTHING : PERCENT.format(share);

/** With a sign, as a difference has one; a true minus, which lines up with digits. */
export function signed(value: number | null | undefined, digits = 3): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return NOTHING;
  const text = Math.abs(value).toFixed(digits);
  if (Number(text) === 0) return text;
  return `${value < 0 ? '−' : '+'}${text}`;
}

export function money(amount: number, currency: string): string {
  const digits = Math.abs(amount) >= 1_000 ? 0 : 2;
  try {
    const style = {
      style: 'currency',
      currency,
      minimumFractionDigits: digits,
      maximumFractionDigits: digits,
    };
    return new Intl.NumberFormat(LOCALE, style as Intl.NumberFormatOptions).format(amount);
  } catch {
    return `${currency} ${amount.toFixed(digits)}`;
  }
}

export const count = (value: number, one: string, many = `${one}s`): string =>
  `${whole(value)} ${value === 1 ? one : many}`;

export function duration(ms: number): string {
  const seconds = ms / 1_000;
  if (seconds < 0.05) return '< 0.1 s';
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  if (seconds < 90) return `${Math.round(seconds)} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 90 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** Decimal units, as disks are sold. */
export function byteSize(bytes: number): string {
  if (bytes < 1e6) return `${WHOLE.format(bytes / 1e3)} kB`;
  return bytes < 1e9 ? `${(bytes / 1e6).toFixed(1)} MB` : `${(bytes / 1e9).toFixed(1)} GB`;
}
