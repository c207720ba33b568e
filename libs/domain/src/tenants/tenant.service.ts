import { ConflictError, InvalidInputError, NotFoundError } from '../errors/nightshift-error.js';
import { checkTimeZone } from '../runs/night.js';
import type { Tenant } from './tenant.js';
import { validateTenantSettings, type TenantSettings } from './tenant-settings.js';

export interface NewTenant {
  readonly slug: string;
  readonly name: string;
  readonly timeZone: string;
  readonly currency: string;
  readonly settings: TenantSettings;
}

/** One tenant, found by the name in its address. */
export abstract class TenantRepository {
  abstract findBySlug(slug: string): Promise<Tenant | undefined>;
  abstract findById(tenantId: number): Promise<Tenant | undefined>;
}

/** All tenants: the platform's side. */
export abstract class FleetTenantRepository {
  /** `undefined` when the slug is taken. */
  abstract create(tenant: NewTenant): Promise<Tenant | undefined>;
  abstract list(): Promise<Tenant[]>;
  /** Replaces all settings; `undefined` when there is no such tenant. */
  abstract changeSettings(slug: string, settings: TenantSettings): Promise<Tenant | undefined>;
  /** `undefined` when there is no such tenant; a quota of undefined is the installation's again. */
  abstract changeQuota(slug: string, requestsPerDay: number | undefined): Promise<Tenant | undefined>;
}

const LARGEST_QUOTA = 2_147_483_647;
const SLUG_PATTERN = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

export function isTenantSlug(text: string): boolean {
  return SLUG_PATTERN.test(text);
}

export class FleetTenantService {
  constructor(private readonly tenants: FleetTenantRepository) {}

  /** @throws InvalidInputError for the slug, the time zone, the currency or the settings; ConflictError `slugTaken` */
  async create(request: NewTenant): Promise<Tenant> {
    this.check(request);
    const tenant = await this.tenants.create(request);
    if (tenant === undefined)
      throw new ConflictError('slugTaken', `There is a tenant ${request.slug} already.`);
    return tenant;
  }

  /** @throws InvalidInputError for the slug, the time zone, the currency or the settings */
  check(request: NewTenant): void {
    if (!isTenantSlug(request.slug)) {
      throw new InvalidInputError(
        'invalidSlug',
        'A tenant is named with 1 to 63 lower-case letters, digits and hyphens.',
        [
          {
            field: 'slug',
            code: 'invalidSlug',
            message: 'must be lower-case letters, digits and inner hyphens',
          },
        ],
      );
    }
    if (!/^[A-Z]{3}$/.test(request.currency)) {
      throw new InvalidInputError(
        'invalidCurrency',
        'A currency is three capital letters (ISO 4217), such as EUR.',
        [{ field: 'currency', code: 'invalidCurrency', message: 'must be an ISO 4217 code' }],
      );
    }
    checkTimeZone(request.timeZone);
    validateTenantSettings(request.settings);
  }

  list(): Promise<Tenant[]> {
    return this.tenants.list();
  }

  /**
   * Replaces a tenant's settings; what is not given takes the template's value again. Counts from the next night on.
   * @throws InvalidInputError `invalidSettings`; NotFoundError
   */
  async changeSettings(slug: string, settings: TenantSettings): Promise<Tenant> {
    const tenant = await this.tenants.changeSettings(slug, validateTenantSettings(settings));
    if (tenant === undefined) throw new NotFoundError('tenant', slug);
    return tenant;
  }

  /**
   * What all keys of a tenant may ask of the data plane a day; 0: no limit; undefined: as the installation is set. Serving nodes
   * follow within seconds.
   * @throws InvalidInputError `invalidQuota`; NotFoundError
   */
  async changeQuota(slug: string, requestsPerDay: number | undefined): Promise<Tenant> {
    const isQuota = requestsPerDay === undefined || (Number.isInteger(requestsPerDay) && requestsPerDay >= 0);
    if (!isQuota || (requestsPerDay ?? 0) > LARGEST_QUOTA) {
      throw new InvalidInputError('invalidQuota', 'A quota is a whole number of requests a day.', [
        {
          field: 'requestsPerDay',
          code: 'invalid',
          message: `must be a whole number from 0 to ${LARGEST_QUOTA}`,
        },
      ]);
    }
    const tenant = await this.tenants.changeQuota(slug, requestsPerDay);
    if (tenant === undefined) throw new NotFoundError('tenant', slug);
    return tenant;
  }
}
