import type { FashionProfile } from '../world-profile.js';

/** A fashion shop on the web: collections that come and go, price segments, a funnel from view to return. */
export const atelierNord: FashionProfile = {
  id: 'atelier-nord',
  trade: 'fashion',
  tenant: {
    slug: 'atelier-nord',
    name: 'Atelier Nord',
    timeZone: 'Europe/Berlin',
    currency: 'EUR',
    repeatPurchases: false,
  },
  country: 'DE',
  regions: ['Hamburg', 'Berlin', 'Nordrhein-Westfalen', 'Bayern', 'Sachsen', 'Bremen'],
  utcOffsetMinutes: 60,
  foundedOn: '2026-01-01',
  customerCount: 3_700,
  productCount: 1_700,
  historyDays: 365,
  activity: 1,
  growthPerYear: 0.15,
  churnPerYear: 0.1,
  inflationPerYear: 0.03,
  sessionsPerYear: 6.6,
  returnShare: 0.15,
  ratingShare: 0.12,
};
