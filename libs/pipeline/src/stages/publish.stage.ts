import { createHash } from 'node:crypto';
import type { NightContext, StageResult } from '../night-context.js';
import type { DecideOutput } from './decide.stage.js';
import type { RankOutput } from './rank.stage.js';

/**
 * Makes the night count in one transaction. It ends the run as well, so nothing is left for the caller to write:
 * whoever dies after the commit has lost nothing.
 */
export async function publishStage(context: NightContext): Promise<StageResult> {
  const { winner, verdicts, expectedRevision, outcome } = context.output<DecideOutput>('decide');
  const { listFile, sha256, customerLists, fallbackLists } = context.output<RankOutput>('rank');
  const { promotesVersion, requestedBy: actor, reason = '', createdAt: requestedAt } = context.run;
  const published = await context.registry.publish(context.lease, {
    publication: {
      publicationId: publicationId(context.run.runId),
      modelVersion: winner.version,
      listFile,
      listSha256: sha256,
      customerLists,
      fallbackLists,
    },
    verdicts,
    expectedRevision,
    outcome,
    ...(promotesVersion === undefined ? {} : { byHand: { actor, reason, requestedAt } }),
  });
  return { output: { published }, ends: published === 'published' ? outcome : 'superseded' };
}

/** The same for every attempt of a run: a second publication of one run cannot be written. */
function publicationId(runId: string): string {
  const hex = createHash('sha256').update(`publication ${runId}`).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-9${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
