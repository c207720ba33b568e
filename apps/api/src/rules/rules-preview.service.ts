import {
  ConflictError,
  decodeArtifact,
  ListStore,
  ModelRegistryService,
  OfferingService,
  UnavailableError,
  validateRules,
  type ListReader,
  type Rule,
  type Tenant,
} from '#libs/domain';
import {
  CATALOGUE_PART,
  compileRules,
  recommend,
  type Catalogue,
  type CompiledRules,
  type Recommendation,
} from '#libs/serving';
import type { PreviewedAnswerDto, RulesPreviewDto } from './rules.dto.js';

export interface PreviewRequest {
  readonly rules: unknown;
  readonly customerIds: readonly string[] | undefined;
  readonly sample: number;
  readonly count: number;
}

/** What rules would do to the lists of real customers, before anybody meets it: the code that serves, on the lists being served. */
export class RulesPreviewService {
  constructor(
    private readonly offerings: OfferingService,
    private readonly registry: ModelRegistryService,
    private readonly lists: ListStore,
  ) {}

  /** @throws InvalidInputError `invalidRules`; ConflictError `noModelYet`; UnavailableError */
  async preview(tenant: Tenant, request: PreviewRequest, now = Date.now()): Promise<RulesPreviewDto> {
    const rules = validateRules(request.rules);
    const pointer = await this.registry.pointer(tenant);
    if (pointer === undefined) throw new ConflictError('noModelYet', 'Nothing has been published yet.');
    const { rules: presentRules } = await this.offerings.current(tenant);
    const retired = await this.offerings.retired(tenant);
    const reader = await this.open(pointer.listFile);
    try {
      const catalogueBytes = reader.part(CATALOGUE_PART);
      const catalogue = catalogueBytes && decodeArtifact<Catalogue>(catalogueBytes);
      const compile = (of: readonly Rule[]) =>
        compileRules({ rules: of, retired }, reader.header.productIds, catalogue, now);
      return compare(reader, compile(presentRules), compile(rules), request, now);
    } finally {
      await reader.close();
    }
  }

  private async open(listFile: string): Promise<ListReader> {
    try {
      return await this.lists.open(listFile);
    } catch (error) {
      throw new UnavailableError('The list file', error);
    }
  }
}

function compare(
  reader: ListReader,
  before: CompiledRules,
  after: CompiledRules,
  { customerIds, sample, count }: PreviewRequest,
  now: number,
): RulesPreviewDto {
  const ask = (customerId: string, rules: CompiledRules) =>
    recommend(
      { state: 'on', promoted: true, lists: reader, rules },
      { customerId, count, country: undefined, segment: undefined },
      now,
    );
  const customers = (customerIds ?? reader.sampleCustomers(sample)).map((customerId) => ({
    customerId,
    before: shown(ask(customerId, before)),
    after: shown(ask(customerId, after)),
  }));
  const differs = ({ before: a, after: b }: (typeof customers)[number]) =>
    a.status !== b.status || a.productIds.join('\n') !== b.productIds.join('\n');
  return {
    modelVersion: reader.header.modelVersion,
    looked: customers.length,
    changed: customers.filter(differs).length,
    withNothing: customers.filter((customer) => customer.after.status === 'none').length,
    customers,
  };
}

function shown({ status, statusReason, items }: Recommendation): PreviewedAnswerDto {
  return { status, statusReason, productIds: items.map(({ productId }) => productId) };
}
