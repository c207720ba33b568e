/**
 * What a tenant may set differently from the template. Stored as JSON in `tenant.settings`; absent fields take the
 * template's value, so that a new template version reaches every tenant that never asked for something else.
 */
export interface TenantSettings {
  /** Whether a product that the customer already has may be recommended again (grocer: yes, fashion: no). */
  readonly repeatPurchases?: boolean;
  /** Half-life of an interaction's weight, in days. */
  readonly halfLifeDays?: number;
  /** Days before the watermark in which rows may be held out. */
  readonly holdoutWindowDays?: number;
  /** Share of the recent rows that no training ever sees, in (0, 0.5]. */
  readonly holdoutShare?: number;
  /** Local hour at which the night begins, 0 to 23; midnight unless said. */
  readonly nightStartsAtHour?: number;
  /** Ranked products per customer. */
  readonly listLength?: number;
}
