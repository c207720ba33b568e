import type { Trial } from '#libs/algorithms';
import { InvalidInputError } from '#libs/domain';
import { chunksOf, type DataFile } from './data-file.js';

/**
 * The trials in what `nightshift tune --json` has printed; anything before the last line is passed over.
 * @throws InvalidInputError fileNotReadable, damagedGzip, brokenLine
 */
export async function readTrials(file: DataFile): Promise<Trial[]> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of chunksOf(file)) chunks.push(chunk);
  const last = Buffer.concat(chunks).toString().trimEnd().split('\n').at(-1) ?? '';
  const { trials } = objectIn(last);
  if (Array.isArray(trials) && trials.every(isTrial)) return trials;
  throw new InvalidInputError(
    'brokenLine',
    `${file.name}, last line: is no result of nightshift tune --json.`,
    [{ field: 'trials', code: 'malformed', message: 'is missing or malformed' }],
  );
}

function objectIn(line: string): { trials?: unknown } {
  try {
    return (JSON.parse(line) ?? {}) as object;
  } catch {
    return {};
  }
}

function isTrial(value: unknown): value is Trial {
  if (typeof value !== 'object' || value === null) return false;
  const { params, rung, score } = value as Partial<Record<keyof Trial, unknown>>;
  const hasScore = score === null || typeof score === 'number';
  return typeof params === 'object' && params !== null && typeof rung === 'number' && hasScore;
}
