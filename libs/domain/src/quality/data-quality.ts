import type { RunLease } from '../runs/run.js';
import type { TenantId } from '../tenants/tenant.js';

/** What a night's input looked like. Counts are rows. */
export interface DataQualityNumbers {
  readonly rows: number;
  readonly customers: number;
  readonly products: number;
  /** Negative quantities: on record, out of training. */
  readonly returns: number;
  /** Negative amounts with a positive quantity: on record, out of training. */
  readonly refunds: number;
  /** Free of charge: they stay. */
  readonly zeroPrice: number;
  readonly withoutCustomer: number;
  /** Rows that may teach, and their share of all. */
  readonly kept: number;
  readonly retention: number;
  /** Products whose unit prices vary by more than their mean (coefficient of variation above 1). */
  readonly extremePriceProducts: number;
  /** Newest moment in the data, ISO 8601. */
  readonly watermark: string;
}

export const DATA_QUALITY_CODES = [
  'volumeCollapsed',
  'customersCollapsed',
  'watermarkMovedBack',
  'nothingToLearnFrom',
  'extremePrices',
] as const;

export interface DataQualityFinding {
  readonly code: (typeof DATA_QUALITY_CODES)[number];
  /** A blocking finding keeps tonight's data out of training. */
  readonly blocking: boolean;
  readonly message: string;
}

export interface DataQualityReport {
  readonly passed: boolean;
  readonly numbers: DataQualityNumbers;
  readonly findings: readonly DataQualityFinding[];
}

export abstract class DataQualityRepository {
  /** The newest report that passed, of an earlier run. */
  abstract latestPassed(tenantId: TenantId): Promise<DataQualityReport | undefined>;
  /** Undefined when the run has not come to its validation, or never did. */
  abstract find(tenantId: TenantId, runId: string): Promise<DataQualityReport | undefined>;
  /** Saving twice for one run changes nothing. @throws LeaseLostError */
  abstract save(lease: RunLease, report: DataQualityReport): Promise<void>;
}

/** Less than this share of the rows or customers of the last accepted night is a collapse, not a quiet day. */
const COLLAPSE_SHARE = 0.5;

/**
 * Judges a night's numbers against the last accepted ones.
 * @param vouchedFor a person started this run by hand and said why: a collapse is reported but does not stop it. Without this a
 *   tenant that has really become smaller would never train again.
 */
export function judgeDataQuality(
  numbers: DataQualityNumbers,
  previous: DataQualityNumbers | undefined,
  vouchedFor = false,
): DataQualityReport {
  const findings: DataQualityFinding[] = [];
  const add = (code: DataQualityFinding['code'], blocking: boolean, message: string) =>
    findings.push({ code, blocking, message });
  if (numbers.kept === 0)
    add('nothingToLearnFrom', true, `None of the ${numbers.rows} rows can teach a model.`);
  if (previous !== undefined) {
    if (numbers.rows < COLLAPSE_SHARE * previous.rows) {
      add(
        'volumeCollapsed',
        !vouchedFor,
        `${numbers.rows} rows, where the last accepted night had ${previous.rows}.`,
      );
    }
    if (numbers.customers < COLLAPSE_SHARE * previous.customers) {
      add(
        'customersCollapsed',
        !vouchedFor,
        `${numbers.customers} customers, where the last accepted night had ${previous.customers}.`,
      );
    }
    if (Date.parse(numbers.watermark) < Date.parse(previous.watermark)) {
      add(
        'watermarkMovedBack',
        !vouchedFor,
        `The newest row is of ${numbers.watermark}; the last accepted night had ${previous.watermark}.`,
      );
    }
  }
  if (numbers.extremePriceProducts > 0) {
    add(
      'extremePrices',
      false,
      `${numbers.extremePriceProducts} products have prices that vary by more than their mean.`,
    );
  }
  return { passed: !findings.some((finding) => finding.blocking), numbers, findings };
}
