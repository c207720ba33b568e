import type { RunOutcome } from './run.js';

const SENTENCES: Readonly<Record<RunOutcome, string>> = {
  promoted: 'A new model version serves; its verdict says why.',
  kept: 'The model in service stays, with fresh lists; the verdict says why.',
  ranked: 'Nothing was trained or replaced: the model in service has ranked everybody afresh.',
  promotedByHand: 'A person chose this version: it has ranked everybody afresh, and serves.',
  unchanged:
    'Nothing has changed since the model was last trained, so nothing was trained: the model in service has ranked everybody afresh.',
  dataRejected:
    'The data was not fit to train on, so the model in service and its lists stay; the data quality report says why.',
  superseded:
    'While this night ran, somebody froze or switched off the recommender or chose another model, so nothing was replaced.',
  noData:
    'There was no interaction to learn from, so nothing was trained. Import some, and the next run will.',
  off: 'The recommender is switched off, so nothing was trained.',
  championUnreadable:
    'The file of the model in service is missing or damaged and nothing clearly better was there: its lists stay, and somebody has to look.',
};

/** What a finished run came to, in plain words. */
export function outcomeSentence(outcome: RunOutcome): string {
  return SENTENCES[outcome];
}
