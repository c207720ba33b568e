import type { TelecomProfile } from '../world-profile.js';

/** A mobile operator with fifteen plans: few products, many customers, choices that follow usage. */
export const lineaMobile: TelecomProfile = {
  id: 'linea-mobile',
  trade: 'telecom',
  tenant: {
    slug: 'linea-mobile',
    name: 'Linea Mobile',
    timeZone: 'Europe/Lisbon',
    currency: 'EUR',
    repeatPurchases: true,
  },
  country: 'PT',
  regions: ['Lisboa', 'Porto', 'Braga', 'Setúbal', 'Faro', 'Coimbra', 'Açores'],
  utcOffsetMinutes: 0,
  foundedOn: '2026-01-01',
  customerCount: 5_600,
  productCount: 15,
  historyDays: 365,
  activity: 1,
  growthPerYear: 0.1,
  churnPerYear: 0.08,
  inflationPerYear: 0.02,
  sessionsPerYear: 1.1,
};
