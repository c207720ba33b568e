/** Where a simulated tenant lives: its midnight, its money, its customers' addresses. */
export interface Place {
  readonly timeZone: string;
  /** Standard time; see `calendar.ts` on daylight saving. */
  readonly utcOffsetMinutes: number;
  readonly country: string;
  readonly currency: string;
  readonly regions: readonly string[];
}

/** Spread over the clock, so that a fleet's midnights come one after the other. */
export const FLEET_PLACES: readonly Place[] = [
  place('Europe/Zurich', 60, 'CH', 'CHF', ['Zürich', 'Bern', 'Aargau', 'Luzern']),
  place('Europe/Berlin', 60, 'DE', 'EUR', ['Berlin', 'Bayern', 'Hessen', 'Sachsen']),
  place('Europe/London', 0, 'GB', 'GBP', ['London', 'Kent', 'Devon', 'Lothian']),
  place('America/New_York', -300, 'US', 'USD', ['New York', 'New Jersey', 'Ohio', 'Georgia']),
  place('America/Los_Angeles', -480, 'US', 'USD', ['California', 'Oregon', 'Nevada']),
  place('America/Sao_Paulo', -180, 'BR', 'BRL', ['São Paulo', 'Bahia', 'Paraná']),
  place('Asia/Kolkata', 330, 'IN', 'INR', ['Maharashtra', 'Kerala', 'Punjab', 'Gujarat']),
  place('Asia/Tokyo', 540, 'JP', 'JPY', ['Tōkyō', 'Ōsaka', 'Aichi', 'Hokkaidō']),
  place('Australia/Sydney', 600, 'AU', 'AUD', ['New South Wales', 'Victoria', 'Queensland']),
];

function place(
  timeZone: string,
  utcOffsetMinutes: number,
  country: string,
  currency: string,
  regions: readonly string[],
): Place {
  return { timeZone, utcOffsetMinutes, country, currency, regions };
}
