import type { FieldError } from '../errors/nightshift-error.js';
import { isRecord, problemsOf, within, type Check } from './setting-checks.js';

/** When a challenger replaces the champion: ADR 3. */
export interface GateSettings {
  /** A refresh may be worse by at most this share of the champion's RMSE (upper end of the interval). */
  readonly refreshMargin: number;
  /** A change must lower the RMSE by at least this share of the champion's. */
  readonly changeMinimumEffect: number;
  /** NDCG@10 may fall by at most this share of the champion's (lower end of the interval). */
  readonly ndcgMargin: number;
  /** Coverage may fall by at most this share of the champion's. */
  readonly coverageMargin: number;
  /** Fewer held-out customers or rows than this is not enough evidence. */
  readonly minimumCustomers: number;
  readonly minimumRows: number;
  readonly confidence: number;
  readonly resamples: number;
}

/** What a tenant may decide for itself; how often is resampled is the platform's, whose time it takes. */
export type OwnGateSettings = Omit<GateSettings, 'resamples'>;

export const OWN_GATE_RANGES = {
  refreshMargin: { min: 0, max: 1, integer: false },
  changeMinimumEffect: { min: 0, max: 1, integer: false },
  ndcgMargin: { min: 0, max: 1, integer: false },
  coverageMargin: { min: 0, max: 1, integer: false },
  minimumCustomers: { min: 1, max: 1_000_000, integer: true },
  minimumRows: { min: 1, max: 100_000_000, integer: true },
  confidence: { min: 0.5, max: 0.999, integer: false },
} as const satisfies Readonly<Record<keyof OwnGateSettings, object>>;

const OWN_CHECKS = Object.fromEntries(
  Object.entries(OWN_GATE_RANGES).map(([name, { min, max, integer }]) => [name, within(min, max, integer)]),
);
const CHECKS: Readonly<Record<string, Check>> = { ...OWN_CHECKS, resamples: within(100, 10_000, true) };

/** What is wrong with the gate of a template version. */
export const gateProblems = (gate: unknown): FieldError[] => problemsOfGate(gate, CHECKS);

/** What is wrong with a tenant's own gate. */
export const ownGateProblems = (gate: unknown): FieldError[] => problemsOfGate(gate, OWN_CHECKS);

function problemsOfGate(gate: unknown, checks: Readonly<Record<string, Check>>): FieldError[] {
  return isRecord(gate)
    ? problemsOf(gate, checks, 'gate.')
    : [{ field: 'gate', code: 'invalid', message: 'must be a JSON object.' }];
}
