import { completeReranking, RERANKING_STEPS, type RerankingOverrides } from '#libs/domain';
import type { LiveLine } from '#libs/serving';
import type { PreviewCauseDto } from './preview.dto.js';

export type Breakdown = ReadonlyMap<number, readonly LiveLine[]>;

/** They change places without multiplying scores. */
const REARRANGING: readonly string[] = ['diversity', 'exposureCaps'];
/** Less is noise of 32-bit floats. */
const SMALLEST_CHANGE = 1e-4;

export function changedSteps(before: RerankingOverrides, after: RerankingOverrides): readonly string[] {
  const [was, is] = [completeReranking(before).steps, completeReranking(after).steps] as const;
  const names = Object.keys(RERANKING_STEPS) as (keyof typeof RERANKING_STEPS)[];
  return names.filter((name) => JSON.stringify(was[name]) !== JSON.stringify(is[name]));
}

/** Which steps multiply this product's score by something else than before; where none does, which ones change places. */
export function stepCauses(
  steps: readonly string[],
  product: number,
  before: Breakdown,
  after: Breakdown,
): readonly PreviewCauseDto[] {
  const [was, is] = [before.get(product), after.get(product)];
  if (was !== undefined && is !== undefined) {
    const multiplied = steps.flatMap((name): PreviewCauseDto[] => {
      const [a, b] = [factorOf(was, name), factorOf(is, name)];
      if (Math.abs(a - b) < SMALLEST_CHANGE) return [];
      return [{ name, effect: b === 0 ? 'hides' : b > a ? 'raises' : 'lowers', isNew: true }];
    });
    if (multiplied.length > 0) return multiplied;
  }
  return steps.every((name) => REARRANGING.includes(name))
    ? steps.map((name) => ({ name, effect: 'rearranges', isNew: true }))
    : [];
}

function factorOf(lines: readonly LiveLine[], step: string): number {
  return lines.find((line) => line.step === step)?.factor ?? 1;
}
