import { cloneTemplate } from '../template/pipeline-template.js';
import type { TenantSettings } from '../tenants/tenant-settings.js';

/** For how many days what is kept. A tenant's settings may say otherwise of its events. */
export interface RetentionPolicy {
  /** Runs with their stages and quality reports, publications, and versions that never served. */
  readonly runs: number;
  /** Versions that once served and can no longer be rolled back to, and verdicts. */
  readonly versions: number;
  /** Impressions, outcomes, answers that were counted, purchases that were attributed. */
  readonly feedback: number;
  /** Interactions that files brought; undefined: for good. */
  readonly interactions: number | undefined;
  readonly kpis: number;
  /** Records of imports, exports and visits of operators. */
  readonly records: number;
  /** Files of rejected rows, invitations that are over, and what nodes said of erasures. */
  readonly papers: number;
  /** Messages that were delivered. */
  readonly messages: number;
  readonly quotaCounters: number;
  readonly audit: number;
}

export const RETENTION_POLICY: RetentionPolicy = {
  runs: 90,
  versions: 400,
  // Also what a night learns from: with a half-life of 60 days, 400 days weigh a hundredth.
  feedback: 400,
  interactions: undefined,
  kpis: 1_100,
  // Exports may ask for contacts of the last 365 days.
  records: 400,
  papers: 90,
  messages: 7,
  quotaCounters: 3,
  audit: 1_100,
};

/** A purchase may come as long after what was shown as the window is wide, and be told late. */
const LATE_DAYS = 30;

/** The policy with a tenant's own settings, and never so short that purchases could lose what showed the product. */
export function retentionOf(
  settings: TenantSettings,
  policy: RetentionPolicy = RETENTION_POLICY,
): RetentionPolicy {
  const { attributionWindowDays } = cloneTemplate(settings);
  const { feedbackDays = policy.feedback, interactionDays = policy.interactions } = settings.retention ?? {};
  return {
    ...policy,
    feedback: Math.max(feedbackDays, attributionWindowDays + LATE_DAYS),
    interactions: interactionDays,
  };
}
