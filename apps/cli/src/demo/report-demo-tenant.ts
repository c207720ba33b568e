import {
  ModelRegistryService,
  TenantRepository,
  TenantSummaryReadModel,
  type ServedModel,
} from '#libs/domain';
import type { CommandContext } from '../command-context.js';

export interface DemoTenantReport {
  readonly tenant: string;
  readonly customers: number;
  readonly products: number;
  readonly interactions: number;
  readonly champion: string | null;
  readonly rmse: number | null;
  readonly ndcg10: number | null;
  readonly popularityNdcg10: number | null;
  readonly verdict: string | null;
  readonly listsPublished: number;
  readonly sampleCustomer: string | null;
}

/** What became of a demo tenant's nights; `undefined` when the tenant was never created. */
export async function reportDemoTenant(
  { services }: CommandContext,
  slug: string,
): Promise<DemoTenantReport | undefined> {
  const tenant = await services.get(TenantRepository).findBySlug(slug);
  if (tenant === undefined) return undefined;
  const summaries = services.get(TenantSummaryReadModel);
  const { served, ...counts } = await summaries.summarise(tenant.id);
  const verdict = (await services.get(ModelRegistryService).verdicts(tenant, 1)).at(0);
  return {
    tenant: slug,
    ...counts,
    champion: served === undefined ? null : `${served.algorithm} v${served.modelVersion}`,
    ...numbersOf(served),
    verdict: verdict?.sentence ?? null,
    listsPublished: served?.customerLists ?? 0,
    sampleCustomer: (await summaries.sampleCustomer(tenant.id)) ?? null,
  };
}

/** Of the served version, on the holdout of its own night: popularity was scored on the same rows. */
function numbersOf(
  served: ServedModel | undefined,
): Pick<DemoTenantReport, 'rmse' | 'ndcg10' | 'popularityNdcg10'> {
  const metrics = served?.metrics;
  return {
    rmse: numberAt(metrics, ['holdout', 'rmse']),
    ndcg10: numberAt(metrics, ['holdout', 'ndcg@10']),
    popularityNdcg10: numberAt(metrics, ['candidates', 'popularity', 'ndcg@10']),
  };
}

function numberAt(value: unknown, path: readonly string[]): number | null {
  let current = value;
  for (const name of path) current = (current as Record<string, unknown> | undefined)?.[name];
  return typeof current === 'number' ? current : null;
}
