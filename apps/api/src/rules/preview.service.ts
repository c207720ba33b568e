import { setImmediate } from 'node:timers/promises';
import {
  ConflictError,
  decodeArtifact,
  ListStore,
  ModelRegistryService,
  OfferingService,
  UnavailableError,
  openOwnLists,
  validateReranking,
  validateRules,
  type ListReader,
  type NamedLists,
  type RerankingOverrides,
  type Rule,
  type Tenant,
} from '#libs/domain';
import {
  CATALOGUE_PART,
  compileRules,
  LiveLists,
  NO_SESSION,
  recommend,
  recommendNow,
  type Catalogue,
  type CompiledRules,
  type Recommendation,
} from '#libs/serving';
import type { PreviewDto, PreviewedAnswerDto } from './rules.dto.js';
import { TenantTurns } from './tenant-turns.js';

/** Customers between two looks at what else waits: some milliseconds of work. */
const CUSTOMERS_AT_ONCE = 5;

export interface PreviewRequest {
  readonly customerIds: readonly string[] | undefined;
  readonly sample: number;
  readonly count: number;
}

type Answers = readonly PreviewedAnswerDto[];
type Work = (reader: ListReader, compile: (rules: readonly Rule[]) => CompiledRules) => Promise<PreviewDto>;

/** What a change would do to the lists of real customers, before anybody meets it: the code that serves, on the lists being served. */
export class PreviewService {
  private readonly turns = new TenantTurns();

  constructor(
    private readonly offerings: OfferingService,
    private readonly registry: ModelRegistryService,
    private readonly lists: ListStore,
  ) {}

  /** @throws InvalidInputError `invalidRules`; ConflictError `noModelYet`; UnavailableError */
  async rules(
    tenant: Tenant,
    document: unknown,
    request: PreviewRequest,
    now = Date.now(),
  ): Promise<PreviewDto> {
    const rules = validateRules(document);
    const { rules: presentRules } = await this.offerings.current(tenant);
    return this.onLists(tenant, now, async (reader, compile) => {
      const customerIds = customersOf(reader, request);
      const under = (of: readonly Rule[]) =>
        storedAnswers(reader, compile(of), customerIds, request.count, now);
      return compare(reader, customerIds, await under(presentRules), await under(rules));
    });
  }

  /**
   * Both computed as a request computes them, from the model in the file: stored lists are made with settings at night.
   * @throws InvalidInputError `invalidReranking`; ConflictError `noModelYet`; UnavailableError
   */
  async reranking(
    tenant: Tenant,
    document: unknown,
    request: PreviewRequest,
    now = Date.now(),
  ): Promise<PreviewDto> {
    const settings = validateReranking(document);
    const { rules, reranking: present } = await this.offerings.current(tenant);
    return this.onLists(tenant, now, async (reader, compile) => {
      const customerIds = customersOf(reader, request);
      const compiled = compile(rules);
      const under = (of: RerankingOverrides) =>
        computedAnswers(reader, compiled, of, customerIds, request.count, now);
      return compare(reader, customerIds, await under(present), await under(settings));
    });
  }

  private onLists(tenant: Tenant, now: number, work: Work): Promise<PreviewDto> {
    return this.turns.take(tenant.id, () => this.onOpenLists(tenant, now, work));
  }

  private async onOpenLists(tenant: Tenant, now: number, work: Work): Promise<PreviewDto> {
    const pointer = await this.registry.pointer(tenant);
    if (pointer === undefined) throw new ConflictError('noModelYet', 'Nothing has been published yet.');
    const retired = await this.offerings.retired(tenant);
    const reader = await this.open(tenant, pointer);
    try {
      const bytes = reader.part(CATALOGUE_PART);
      const catalogue = bytes && decodeArtifact<Catalogue>(bytes);
      return await work(reader, (rules) =>
        compileRules({ rules, retired }, reader.header.productIds, catalogue, now),
      );
    } finally {
      await reader.close();
    }
  }

  private async open({ slug }: Tenant, pointer: NamedLists): Promise<ListReader> {
    try {
      return await openOwnLists(this.lists, slug, pointer);
    } catch (error) {
      throw new UnavailableError('The list file', error);
    }
  }
}

function customersOf(reader: ListReader, { customerIds, sample }: PreviewRequest): readonly string[] {
  return customerIds ?? reader.sampleCustomers(sample);
}

function storedAnswers(
  lists: ListReader,
  rules: CompiledRules,
  customerIds: readonly string[],
  count: number,
  now: number,
): Promise<Answers> {
  const served = { state: 'on' as const, promoted: true, lists, rules };
  return answersOf(customerIds, (customerId) =>
    recommend(served, { customerId, count, country: undefined, segment: undefined }, now),
  );
}

function computedAnswers(
  lists: ListReader,
  rules: CompiledRules,
  reranking: RerankingOverrides,
  customerIds: readonly string[],
  count: number,
  now: number,
): Promise<Answers> {
  const live = LiveLists.open(lists, reranking);
  if (live === undefined)
    throw new ConflictError('noModelYet', 'The lists being served come without a model to compute with.');
  const served = { state: 'on' as const, promoted: true, lists, rules };
  const request = {
    ...{ count, country: undefined, segment: undefined, session: NO_SESSION, excludeProductIds: [] },
    ...{ filter: undefined, diversity: undefined, explain: false },
  };
  return answersOf(customerIds, (customerId) => recommendNow(served, live, { ...request, customerId }, now));
}

/** Lets others in now and then: a hundred customers under hundreds of rules keep the process from everybody. */
async function answersOf(
  customerIds: readonly string[],
  ask: (customerId: string) => Recommendation,
): Promise<Answers> {
  const answers: PreviewedAnswerDto[] = [];
  for (const [i, customerId] of customerIds.entries()) {
    if (i % CUSTOMERS_AT_ONCE === 0) await setImmediate();
    answers.push(shown(ask(customerId)));
  }
  return answers;
}

function compare(
  reader: ListReader,
  customerIds: readonly string[],
  before: Answers,
  after: Answers,
): PreviewDto {
  const customers = customerIds.map((customerId, i) => ({ customerId, before: before[i], after: after[i] }));
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
