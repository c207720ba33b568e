// `npm start -- --once` proves that the platform works: every demo tenant is asked for recommendations over HTTP.
import { setTimeout as sleep } from 'node:timers/promises';
import type { DemoTenant, TenantReport } from './demo.ts';
import { recommendationsUrl } from './report.ts';

const COUNT = 5;
const PATIENCE_MS = 5_000;
const POLL_MS = 250;

export interface CheckedTenant {
  tenant: string;
  customers: number;
  interactions: number;
  champion: string;
  rmse: number | null;
  ndcg10: number;
  popularityNdcg10: number;
  listsPublished: number;
  servedOk: boolean;
}

async function problemWithAnswer(
  servingUrl: string,
  report: TenantReport,
  key: string,
): Promise<string | undefined> {
  try {
    const response = await fetch(
      recommendationsUrl(servingUrl, report.tenant, report.sampleCustomer, COUNT),
      {
        headers: { authorization: `Bearer ${key}` },
        signal: AbortSignal.timeout(10_000),
      },
    );
    const text = await response.text();
    if (!response.ok) return `answers ${response.status}: ${text.slice(0, 300)}`;
    const { status, items } = JSON.parse(text) as { status?: string; items?: unknown[] };
    if (status !== 'ok') return `answers with status "${status}"`;
    return items?.length === COUNT
      ? undefined
      : `answers with ${items?.length ?? 0} items instead of ${COUNT}`;
  } catch (error) {
    return `does not answer: ${(error as Error).message}`;
  }
}

/** A promotion may take five seconds to reach every endpoint; only what is still wrong then is a problem. */
async function problemAfterPatience(look: () => Promise<string | undefined>): Promise<string | undefined> {
  const end = Date.now() + PATIENCE_MS;
  for (;;) {
    const problem = await look();
    if (problem === undefined || Date.now() > end) return problem;
    await sleep(POLL_MS);
  }
}

export async function checkTenants(
  servingUrl: string,
  tenants: DemoTenant[],
  reports: TenantReport[],
): Promise<{ checked: CheckedTenant[]; problems: string[] }> {
  const problems: string[] = [];
  const checked: CheckedTenant[] = [];
  if (tenants.length === 0) problems.push('there is no demo tenant');
  for (const { tenant, keys } of tenants) {
    const report = reports.find((candidate) => candidate.tenant === tenant);
    if (!report) {
      problems.push(`${tenant}: missing from the report`);
      continue;
    }
    const problem = await problemAfterPatience(() => problemWithAnswer(servingUrl, report, keys.full));
    if (problem) problems.push(`${tenant} ${problem}`);
    // Written so that a missing number counts as a failure.
    if (!(report.ndcg10 > report.popularityNdcg10)) {
      problems.push(
        `${tenant}: NDCG@10 ${report.ndcg10} is not above popularity's ${report.popularityNdcg10}`,
      );
    }
    checked.push({
      tenant,
      customers: report.customers,
      interactions: report.interactions,
      champion: report.champion,
      rmse: report.rmse,
      ndcg10: report.ndcg10,
      popularityNdcg10: report.popularityNdcg10,
      listsPublished: report.listsPublished,
      servedOk: problem === undefined,
    });
  }
  return { checked, problems };
}
