import { DAYS_PER_YEAR } from '../calendar.js';
import { hashKeys } from '../random/seeded-random.js';
import { Stream } from '../random/stream.js';

/** Prices are put up in steps, each product twice a year on a day of its own, as shops do. */
const REPRICING_DAYS = 182;

/** Factor on the base price: inflation since the founding day, in steps. */
export function priceLevel(
  seed: number,
  productKey: number,
  day: number,
  foundedDay: number,
  inflationPerYear: number,
): number {
  if (inflationPerYear === 0) return 1;
  const phase = hashKeys(seed, Stream.price, productKey) % REPRICING_DAYS;
  const steps = Math.floor((day - foundedDay + phase) / REPRICING_DAYS);
  return (1 + inflationPerYear) ** ((steps * REPRICING_DAYS) / DAYS_PER_YEAR);
}

/** Rounds to the smallest coin in use; `coin` in hundredths, so that the result is the nearest double to a decimal price. */
export function roundToCoin(price: number, coin: number): number {
  return (Math.max(1, Math.round((price * 100) / coin)) * coin) / 100;
}
