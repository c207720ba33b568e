import type { Answer } from './ask.ts';
import type { Canaries } from './canaries.ts';

/** What differs between any two answers to the same question, whoever asks. */
const OF_THE_MOMENT = [
  'date',
  'x-request-id',
  'ratelimit',
  'etag',
  'keep-alive',
  'connection',
  'retry-after',
];
const PLACEHOLDERS: readonly [RegExp, string][] = [
  [/"instance":"[^"]*"/g, '"instance":"…"'],
  [/"recommendationId":"[^"]*"/g, '"recommendationId":"…"'],
  [/\d{4}-\d\d-\d\dT[\d:.]+Z/g, '…'],
  [/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, '…'],
];

/** What of the other tenant stands in an answer, its headers included. */
export function findForeign(answer: Answer, canaries: Canaries, sent: readonly string[]): string[] {
  const text = `${JSON.stringify(answer.headers)}\n${answer.body}`;
  return canaries.findIn(text, sent).map((canary) => {
    const place = text.toLowerCase().indexOf(canary);
    return `${canary} in an answer with ${answer.status}: …${text.slice(Math.max(0, place - 150), place + 100)}…`;
  });
}

export interface Twins {
  readonly existing: Answer;
  readonly invented: Answer;
  /** The ids in which the two questions differ; the same number on both sides. */
  readonly existingIds: readonly string[];
  readonly inventedIds: readonly string[];
}

/** An answer about something of another tenant must be that about something that has never been: byte for byte but for the id. */
export function findDifference({ existing, invented, existingIds, inventedIds }: Twins): string[] {
  const one = normalised(existing, existingIds);
  const other = normalised(invented, inventedIds);
  if (one === other) return [];
  const place = Math.max(0, [...one].findIndex((character, index) => character !== other[index]) - 60);
  const shown = [one, other].map((text) => text.slice(place, place + 300));
  return [`differs from one that does not exist: ${shown.join('  ≠  ')}`];
}

function normalised({ status, headers, body }: Answer, ids: readonly string[]): string {
  const kept = Object.entries(headers).filter(([name]) => !OF_THE_MOMENT.includes(name));
  let text = `${status} ${JSON.stringify(kept.sort())} ${body}`;
  for (const [index, id] of ids.entries()) {
    // A short one stands in lengths and dates as well.
    if (id.length < 5) continue;
    for (const form of [id, encodeURIComponent(id), id.toLowerCase()])
      text = text.replaceAll(form, `«${index}»`);
  }
  // What is made for each answer.
  for (const [pattern, placeholder] of PLACEHOLDERS) text = text.replaceAll(pattern, placeholder);
  return text;
}
