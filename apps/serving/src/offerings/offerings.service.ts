import { Injectable, Logger } from '@nestjs/common';
import { ServedOfferingSource, type ServedOffering, type TenantId } from '#libs/domain';
import { OfferingFiles } from './offering-files.js';

/** Tenants whose offerings are read in one go: a document can have hundreds of rules. */
const TENANTS_AT_A_TIME = 200;

/** Rules, settings and retirements of every tenant, as the database last told. A tenant's offering is replaced as a whole. */
@Injectable()
export class OfferingsService {
  private readonly logger = new Logger(OfferingsService.name);
  private readonly offerings = new Map<TenantId, ServedOffering>();
  private fingerprint: string | undefined;

  constructor(
    private readonly source: ServedOfferingSource,
    private readonly files: OfferingFiles,
  ) {}

  /** Undefined for a tenant that has neither said anything nor retired a product. */
  of(tenantId: TenantId): ServedOffering | undefined {
    return this.offerings.get(tenantId);
  }

  async loadFromDisk(): Promise<void> {
    try {
      const unusable = (path: string, error: unknown) =>
        this.logger.error({ err: error }, `${path} cannot be used; waiting for the database.`);
      for (const offering of await this.files.load(unusable)) this.offerings.set(offering.tenantId, offering);
    } catch (error) {
      this.logger.error({ err: error }, 'Offerings on the disk cannot be used; waiting for the database.');
    }
  }

  /** @throws UnavailableError and others: what is known goes on to hold */
  async refresh(): Promise<void> {
    const news = await this.source.revisions(this.fingerprint);
    if (news === undefined) return;
    const changed = [...news.revisions]
      .filter(([tenantId, revision]) => this.offerings.get(tenantId)?.revision !== revision)
      .map(([tenantId]) => tenantId);
    for (let start = 0; start < changed.length; start += TENANTS_AT_A_TIME) {
      for (const offering of await this.source.load(changed.slice(start, start + TENANTS_AT_A_TIME))) {
        this.offerings.set(offering.tenantId, offering);
        await this.save(offering);
      }
    }
    await this.forgetAbsent(news.revisions);
    this.fingerprint = news.fingerprint;
  }

  /** Of tenants that are no more. */
  private async forgetAbsent(revisions: ReadonlyMap<TenantId, number>): Promise<void> {
    for (const tenantId of [...this.offerings.keys()].filter((known) => !revisions.has(known))) {
      await this.files.remove(tenantId);
      this.offerings.delete(tenantId);
    }
  }

  private async save(offering: ServedOffering): Promise<void> {
    try {
      await this.files.save(offering);
    } catch (error) {
      this.logger.error(
        { err: error },
        'An offering cannot be written: a start without the database would serve the one before.',
      );
    }
  }
}
