import type { GrocerProfile } from '../world-profile.js';

/** A regional grocer with a loyalty card: staples with repurchase cycles, baskets, weekly promotions. */
export const greenGrocer: GrocerProfile = {
  id: 'green-grocer',
  trade: 'grocer',
  tenant: {
    slug: 'green-grocer',
    name: 'Green Grocer',
    timeZone: 'Europe/Zurich',
    currency: 'CHF',
    repeatPurchases: true,
  },
  country: 'CH',
  regions: ['Zürich', 'Bern', 'Aargau', 'Luzern', 'St. Gallen'],
  utcOffsetMinutes: 60,
  foundedOn: '2026-01-01',
  customerCount: 2_900,
  productCount: 600,
  historyDays: 112,
  activity: 1,
  growthPerYear: 0.12,
  churnPerYear: 0.08,
  inflationPerYear: 0.02,
  staplesPerHousehold: 4,
  anonymousShare: 0.12,
  returnShare: 0.004,
  freeSampleShare: 0.003,
};
