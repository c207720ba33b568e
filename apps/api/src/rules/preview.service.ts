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
  type RetiredProduct,
  type Rule,
  type Tenant,
} from '#libs/domain';
import {
  CATALOGUE_PART,
  compileRules,
  LiveLists,
  NO_SESSION,
  recommend,
  recommendLive,
  recommendNow,
  type Catalogue,
  type CompiledRules,
  type Recommendation,
} from '#libs/serving';
import { previewOf, type Answers } from './preview-of.js';
import { relevanceChange, type ScoredList } from './relevance-change.js';
import { ruleCauses } from './rule-causes.js';
import type { PreviewDto } from './preview.dto.js';
import { changedSteps, stepCauses } from './step-causes.js';
import { TenantTurns } from './tenant-turns.js';

/** Customers between two looks at what else waits: some milliseconds of work. */
const CUSTOMERS_AT_ONCE = 5;

export interface PreviewRequest {
  readonly customerIds: readonly string[] | undefined;
  readonly sample: number;
  readonly count: number;
}

interface Opened {
  readonly reader: ListReader;
  readonly catalogue: Catalogue | undefined;
  /** With what has been retired, or without. */
  compile(rules: readonly Rule[], retired?: readonly RetiredProduct[]): CompiledRules;
}
type Work = (opened: Opened) => Promise<PreviewDto>;

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
    return this.onLists(tenant, now, async ({ reader, catalogue, compile }) => {
      const customerIds = customersOf(reader, request);
      const under = (of: readonly Rule[]) =>
        storedAnswers(reader, compile(of), customerIds, request.count, now);
      const answers = { before: await under(presentRules), after: await under(rules) };
      const causes = ruleCauses(reader, presentRules, rules, (rule) => compile([rule], []));
      return previewOf({ reader, catalogue, customerIds, ...answers, causes, relevance: null });
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
    return this.onLists(tenant, now, async ({ reader, catalogue, compile }) => {
      const customerIds = customersOf(reader, request);
      const compiled = compile(rules);
      const under = (of: RerankingOverrides) =>
        computedAnswers(reader, compiled, of, customerIds, request.count, now);
      const [before, after] = [await under(present), await under(settings)];
      const steps = changedSteps(present, settings);
      const causes = (customerId: string, product: number) => {
        const at = customerIds.indexOf(customerId);
        return stepCauses(steps, product, before.lists[at].breakdown, after.lists[at].breakdown);
      };
      const answers = { before: before.answers, after: after.answers };
      const relevance = relevanceChange(before.lists, after.lists);
      return previewOf({ reader, catalogue, customerIds, ...answers, causes, relevance });
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
      const { productIds } = reader.header;
      const compile = (rules: readonly Rule[], gone = retired) =>
        compileRules({ rules, retired: gone }, productIds, catalogue, now);
      return await work({ reader, catalogue, compile });
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

/** With what each step made of each candidate: why one is no longer in a list is seen there alone. */
async function computedAnswers(
  lists: ListReader,
  rules: CompiledRules,
  reranking: RerankingOverrides,
  customerIds: readonly string[],
  count: number,
  now: number,
): Promise<{ readonly answers: Answers; readonly lists: readonly ScoredList[] }> {
  const live = LiveLists.open(lists, reranking);
  if (live === undefined)
    throw new ConflictError('noModelYet', 'The lists being served come without a model to compute with.');
  const served = { state: 'on' as const, promoted: true, lists, rules };
  const request = {
    ...{ count, country: undefined, segment: undefined, session: NO_SESSION, excludeProductIds: [] },
    ...{ filter: undefined, diversity: undefined },
  };
  const scored: ScoredList[] = [];
  const answers = await answersOf(customerIds, (customerId) => {
    const explained = recommendLive(live, lists, { ...request, customerId, explain: true }, rules, now);
    scored.push({ products: [...explained.products], breakdown: explained.breakdown ?? new Map() });
    return recommendNow(served, live, { ...request, customerId, explain: false }, now);
  });
  return { answers, lists: scored };
}

/** Lets others in now and then: a hundred customers under hundreds of rules keep the process from everybody. */
async function answersOf(
  customerIds: readonly string[],
  ask: (customerId: string) => Recommendation,
): Promise<Answers> {
  const answers: Recommendation[] = [];
  for (const [i, customerId] of customerIds.entries()) {
    if (i % CUSTOMERS_AT_ONCE === 0) await setImmediate();
    answers.push(ask(customerId));
  }
  return answers;
}
