import type { Trial } from '#libs/algorithms';
import { InvalidInputError } from '#libs/domain';
import { chunksOf, type DataFile } from './data-file.js';

/** What a search is about: parameters of one algorithm by one metric. */
export interface SearchSubject {
  readonly algorithm: string;
  readonly objective: string;
}

/**
 * The trials in what `nightshift tune --json` has printed; anything before the last line is passed over.
 * @throws InvalidInputError fileNotReadable, damagedGzip, brokenLine; otherSearch where they are of another algorithm, whose
 *   parameters mean something else, or of another objective, by which another trial may be the best
 */
export async function readTrials(file: DataFile, subject: SearchSubject): Promise<Trial[]> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of chunksOf(file)) chunks.push(chunk);
  const last = Buffer.concat(chunks).toString().trimEnd().split('\n').at(-1) ?? '';
  const { trials, ...searched } = objectIn(last);
  if (Array.isArray(trials) && trials.every(isTrial)) {
    checkSubject(file.name, searched, subject);
    return trials;
  }
  throw new InvalidInputError(
    'brokenLine',
    `${file.name}, last line: is no result of nightshift tune --json.`,
    [{ field: 'trials', code: 'malformed', message: 'is missing or malformed' }],
  );
}

function checkSubject(name: string, searched: Partial<SearchSubject>, wanted: SearchSubject): void {
  for (const field of ['algorithm', 'objective'] as const) {
    if (searched[field] === wanted[field]) continue;
    const message = `is of ${JSON.stringify(searched[field] ?? null)}, not of ${JSON.stringify(wanted[field])}`;
    throw new InvalidInputError('otherSearch', `${name}: the ${field} of its search ${message}.`, [
      { field, code: 'otherSearch', message },
    ]);
  }
}

function objectIn(line: string): { trials?: unknown } & Partial<SearchSubject> {
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
