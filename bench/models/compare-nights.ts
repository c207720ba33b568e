import { pairedBootstrap, type AlgorithmName, type Executor } from '#libs/algorithms';
import { decideVerdict } from '#libs/domain';
import { bestCandidate, type Scored } from '#libs/pipeline';
import type { Measured, PreparedEvening } from './measure-recipe.ts';
import { NIGHTS, REFERENCE_NIGHT } from './recipes.ts';

/** What a night would serve, against what the reference night would. */
export interface NightRow {
  readonly night: string;
  /** The challenger that the night picks on the calibration part. */
  readonly pick: string;
  readonly rmse: number;
  readonly ndcg10: number;
  readonly coverage10: number;
  /** Of all of its models; a hybrid's parts are counted with it once more. */
  readonly seconds: number;
  /** Whether the pick would replace the reference's pick in the lane `change`, or would be replaced by it. */
  readonly verdict: 'better' | 'worse' | 'neither' | 'same';
}

export async function compareNights(
  { template, prepared }: PreparedEvening,
  measured: Readonly<Record<string, Measured>>,
  executor: Executor,
): Promise<NightRow[]> {
  const pickOf = (recipes: readonly string[]) => {
    const candidates = Object.fromEntries(recipes.map((name) => [name, measured[name].scored]));
    return bestCandidate({ candidates, champion: null }, template.gate) as string;
  };
  const promotes = async (from: string, to: string): Promise<boolean> => {
    const [reference, challenger] = [measured[from].scored, measured[to].scored];
    const { resamples, confidence } = template.gate;
    const options = { resamples, confidence, seed: template.seed, executor };
    const { customers, rmse, ndcg10 } = await pairedBootstrap(
      reference.holdout.perCustomer,
      challenger.holdout.perCustomer,
      options,
    );
    const rows = prepared.dataset.holdoutTargets.customer.length;
    const [a, b] = [scoreOf(from, reference), scoreOf(to, challenger)];
    const evidence = { lane: 'change' as const, reference: a, challenger: b, customers, rows, rmse, ndcg10 };
    return decideVerdict(evidence, template.gate).promoted;
  };
  const reference = pickOf(NIGHTS[REFERENCE_NIGHT]);
  const rows: NightRow[] = [];
  for (const [night, recipes] of Object.entries(NIGHTS)) {
    const pick = pickOf(recipes);
    const { rmse, ndcg10, coverage10 } = scoreOf(pick, measured[pick].scored);
    const seconds = recipes.reduce((sum, name) => sum + measured[name].seconds, 0);
    const better = pick !== reference && (await promotes(reference, pick));
    const worse = pick !== reference && !better && (await promotes(pick, reference));
    const verdict = pick === reference ? 'same' : better ? 'better' : worse ? 'worse' : 'neither';
    rows.push({ night, pick, rmse, ndcg10, coverage10, seconds, verdict });
  }
  return rows;
}

export function scoreOf(algorithm: string, { holdout }: Scored) {
  const { rmse, 'ndcg@10': ndcg10, 'coverage@10': coverage10 } = holdout.metrics;
  return { algorithm: algorithm as AlgorithmName, rmse, ndcg10, coverage10 };
}
