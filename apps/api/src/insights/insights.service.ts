import {
  ConflictError,
  decodeArtifact,
  ListStore,
  ModelRegistryRepository,
  openOwnLists,
  UnavailableError,
  type ListReader,
  type Tenant,
} from '#libs/domain';
import { INSIGHTS_PART, type Insights } from '#libs/serving';

export interface FoundInsights extends Insights {
  readonly modelVersion: number;
}

/** What the night that made the lists in service has found out about demand. */
export class InsightsService {
  constructor(
    private readonly registry: ModelRegistryRepository,
    private readonly lists: ListStore,
  ) {}

  /** @throws ConflictError `noModelYet`, `noInsightsYet`; UnavailableError */
  async current(tenant: Tenant): Promise<FoundInsights> {
    const pointer = await this.registry.pointer(tenant.id);
    if (pointer === undefined) throw new ConflictError('noModelYet', 'Nothing has been published yet.');
    let reader: ListReader;
    try {
      reader = await openOwnLists(this.lists, tenant.slug, pointer);
    } catch (error) {
      throw new UnavailableError('The list file', error);
    }
    try {
      const bytes = reader.part(INSIGHTS_PART);
      if (bytes === undefined)
        throw new ConflictError('noInsightsYet', 'The lists in service were made before insights were kept.');
      return { ...decodeArtifact<Insights>(bytes), modelVersion: pointer.modelVersion };
    } finally {
      await reader.close();
    }
  }
}
