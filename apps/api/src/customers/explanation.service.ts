import {
  ConflictError,
  CustomerReadModel,
  decodeArtifact,
  ListStore,
  ModelRegistryRepository,
  NotFoundError,
  OfferingService,
  openOwnLists,
  UnavailableError,
  validateReranking,
  type ListReader,
  type NamedLists,
  type RerankingOverrides,
  type Tenant,
} from '#libs/domain';
import {
  CATALOGUE_PART,
  compileRules,
  LiveLists,
  NO_SESSION,
  recommendNow,
  type Catalogue,
  type Recommendation,
} from '#libs/serving';
import { TenantTurns } from '../rules/tenant-turns.js';
import { toExplainedItemDto, type CustomerExplanationDto } from './customer.dto.js';

export interface ExplanationRequest {
  readonly modelVersion: number | undefined;
  readonly settings: unknown;
  readonly count: number;
}

/** How a customer's list comes about, step by step, under any version that is kept and any settings: by the code that serves. */
export class ExplanationService {
  private readonly turns = new TenantTurns();

  constructor(
    private readonly customers: CustomerReadModel,
    private readonly offerings: OfferingService,
    private readonly registry: ModelRegistryRepository,
    private readonly lists: ListStore,
  ) {}

  /** @throws InvalidInputError `invalidReranking`; ConflictError `noModelYet`; NotFoundError; UnavailableError */
  async explain(
    tenant: Tenant,
    customerId: string,
    request: ExplanationRequest,
    now = Date.now(),
  ): Promise<CustomerExplanationDto> {
    const offering = await this.offerings.current(tenant);
    const settings =
      request.settings === undefined ? offering.reranking : validateReranking(request.settings);
    const pointer = await this.pointer(tenant, request.modelVersion);
    const retired = await this.offerings.retired(tenant);
    const answer = await this.turns.take(tenant.id, async () => {
      const reader = await this.open(tenant, pointer);
      try {
        const catalogue = reader.part(CATALOGUE_PART);
        const compiled = compileRules(
          { rules: offering.rules, retired },
          reader.header.productIds,
          catalogue && decodeArtifact<Catalogue>(catalogue),
          now,
        );
        return answerOf(reader, compiled, settings, customerId, request.count, now);
      } finally {
        await reader.close();
      }
    });
    const ids = answer.items.map(({ productId }) => productId);
    const names = await this.customers.productNames(tenant.id, ids);
    return {
      ...{ modelVersion: pointer.modelVersion, status: answer.status, statusReason: answer.statusReason },
      items: answer.items.map((item) => toExplainedItemDto(item, names)),
    };
  }

  private async pointer({ id }: Tenant, version: number | undefined): Promise<NamedLists> {
    const served = await this.registry.pointer(id);
    if (served === undefined) throw new ConflictError('noModelYet', 'Nothing has been published yet.');
    if (version === undefined || version === served.modelVersion) return served;
    const other = await this.customers.listsOf(id, version);
    if (other === undefined) throw new NotFoundError('lists of model version', String(version));
    return other;
  }

  private async open({ slug }: Tenant, pointer: NamedLists): Promise<ListReader> {
    try {
      return await openOwnLists(this.lists, slug, pointer);
    } catch (error) {
      throw new UnavailableError('The list file', error);
    }
  }
}

function answerOf(
  lists: ListReader,
  rules: ReturnType<typeof compileRules>,
  settings: RerankingOverrides,
  customerId: string,
  count: number,
  now: number,
): Recommendation {
  const live = LiveLists.open(lists, settings);
  if (live === undefined)
    throw new ConflictError('noModelYet', 'The lists of this version come without a model to compute with.');
  const served = { state: 'on' as const, promoted: true, lists, rules };
  const request = {
    ...{ customerId, count, country: undefined, segment: undefined, session: NO_SESSION },
    ...{ excludeProductIds: [], filter: undefined, diversity: undefined, explain: true },
  };
  return recommendNow(served, live, request, now);
}
