import { normaliseEmail } from '../accounts/account.js';
import type { MemberService } from '../accounts/member.service.js';
import { InvalidInputError, NightshiftError } from '../errors/nightshift-error.js';
import type { FleetTenantRepository, FleetTenantService, NewTenant } from '../tenants/tenant.service.js';
import type { Tenant } from '../tenants/tenant.js';

/** A row of a file, or why it could not be read. */
export interface CsvRow {
  readonly values: readonly string[];
  readonly fault: { readonly code: string; readonly message: string } | undefined;
}

export abstract class CsvTextReader {
  abstract rows(text: string): readonly CsvRow[];
}

export interface OnboardedTenant {
  readonly row: number;
  readonly tenant: string;
  /** Opens the invitation of its first admin; shown this once. */
  readonly invitationToken: string | undefined;
}

export interface RejectedTenant {
  /** Counted from 1, without the header. */
  readonly row: number;
  readonly field: string | undefined;
  readonly code: string;
  readonly message: string;
}

export interface OnboardingReport {
  readonly read: number;
  readonly created: readonly OnboardedTenant[];
  /** There already, just so: a file sent twice counts once. */
  readonly alreadyKnown: number;
  readonly rejected: readonly RejectedTenant[];
}

export const ONBOARDING_COLUMNS = ['slug', 'name', 'timeZone', 'currency', 'adminEmail'] as const;
type Column = (typeof ONBOARDING_COLUMNS)[number];
const OPTIONAL: readonly Column[] = ['adminEmail'];
const MOST_ROWS = 5_000;
const LONGEST_NAME = 200;

/** Tenants by the hundred: good rows become tenants, bad ones come back with row, field and reason. */
export class OnboardingService {
  constructor(
    private readonly csv: CsvTextReader,
    private readonly service: FleetTenantService,
    private readonly tenants: FleetTenantRepository,
    private readonly members: MemberService,
  ) {}

  /** @throws InvalidInputError `emptyFile`, `unknownColumn`, `tooManyRows` */
  async onboard(text: string, actor: string, dryRun: boolean): Promise<OnboardingReport> {
    const [header, ...rows] = this.csv.rows(text.replace(/^\uFEFF/, ''));
    const columns = checkHeader(header);
    if (rows.length > MOST_ROWS)
      throw new InvalidInputError('tooManyRows', `A file has at most ${MOST_ROWS} rows; cut it up.`);
    const existing = new Map((await this.tenants.list()).map((tenant) => [tenant.slug, tenant]));
    const created: OnboardedTenant[] = [];
    const rejected: RejectedTenant[] = [];
    let alreadyKnown = 0;
    for (const [index, row] of rows.entries()) {
      const number = index + 1;
      try {
        const { tenant, adminEmail } = readRow(row, columns);
        const known = existing.get(tenant.slug);
        if (known !== undefined) {
          if (!isSame(known, tenant)) throw invalid('slugTaken', 'slug', 'is the slug of another tenant');
          alreadyKnown++;
          continue;
        }
        this.service.check(tenant);
        const invitationToken = dryRun ? undefined : await this.create(tenant, adminEmail, actor);
        existing.set(tenant.slug, { ...tenant } as Tenant);
        created.push({ row: number, tenant: tenant.slug, invitationToken });
      } catch (error) {
        if (!(error instanceof NightshiftError) || error.kind === 'unavailable') throw error;
        rejected.push(...toRejected(number, error));
      }
    }
    return { read: rows.length, created, alreadyKnown, rejected };
  }

  private async create(
    tenant: NewTenant,
    adminEmail: string | undefined,
    invitedBy: string,
  ): Promise<string | undefined> {
    const created = await this.service.create(tenant);
    if (adminEmail === undefined) return undefined;
    const request = { email: adminEmail, role: 'admin', invitedBy } as const;
    return (await this.members.invite(created, request)).token;
  }
}

function checkHeader(header: CsvRow | undefined): ReadonlyMap<Column, number> {
  if (header === undefined) throw new InvalidInputError('emptyFile', 'The file is empty.');
  const names = header.values.map((name) => name.trim());
  const columns = new Map(names.map((name, index) => [name as Column, index]));
  const missing = ONBOARDING_COLUMNS.filter((name) => !OPTIONAL.includes(name) && !columns.has(name));
  const unknown = names.filter((name) => !(ONBOARDING_COLUMNS as readonly string[]).includes(name));
  if (missing.length === 0 && unknown.length === 0 && columns.size === names.length) return columns;
  const problems = [
    ...missing.map((field) => ({ field, code: 'missing', message: 'is missing' })),
    ...unknown.map((field) => ({
      field: field.slice(0, 100),
      code: 'unknownColumn',
      message: 'is not known',
    })),
  ];
  const message = `The first line names the columns, each once: ${ONBOARDING_COLUMNS.join(', ')} (the last may be left out).`;
  throw new InvalidInputError('unknownColumn', message, problems);
}

function readRow(
  { values, fault }: CsvRow,
  columns: ReadonlyMap<Column, number>,
): { tenant: NewTenant; adminEmail: string | undefined } {
  if (fault !== undefined) throw new InvalidInputError(fault.code, fault.message);
  if (values.length !== columns.size)
    throw new InvalidInputError(
      'wrongColumnCount',
      `The row has ${values.length} values, the file has ${columns.size} columns.`,
    );
  const value = (name: Column) => values[columns.get(name) ?? -1]?.trim() ?? '';
  const name = value('name');
  if (name === '' || name.length > LONGEST_NAME)
    throw invalid('invalidName', 'name', `must be 1 to ${LONGEST_NAME} characters`);
  const email = value('adminEmail');
  const adminEmail = email === '' ? undefined : normaliseEmail(email);
  if (email !== '' && adminEmail === undefined)
    throw invalid('invalidEmail', 'adminEmail', 'must be an e-mail address');
  const tenant = { slug: value('slug'), name, timeZone: value('timeZone'), currency: value('currency') };
  return { tenant: { ...tenant, settings: {} }, adminEmail };
}

function isSame(known: Tenant, { name, timeZone, currency }: NewTenant): boolean {
  return known.name === name && known.timeZone === timeZone && known.currency === currency;
}

function toRejected(row: number, error: NightshiftError): RejectedTenant[] {
  const { fields = [] } = error.details;
  if (fields.length === 0) return [{ row, field: undefined, code: error.code, message: error.message }];
  return fields.map(({ field, message }) => ({ row, field, code: error.code, message }));
}

function invalid(code: string, field: string, message: string): InvalidInputError {
  return new InvalidInputError(code, `${field} ${message}`, [{ field, code, message }]);
}
