import type { PipelineTemplate } from '../template/pipeline-template.js';
import { inWords, percent, type TriggerReason } from './trigger-reason.js';

/** A share of next to nothing is reached by an afternoon: below so many rows only `triggerVolumeRows` counts. */
export const FEWEST_NEW_ROWS = 500;

export type VolumeSettings = Pick<PipelineTemplate, 'triggerVolumeRows' | 'triggerVolumeShare'>;

/**
 * Whether so much has come since the last training that it should not wait for the night.
 * @param known interactions that the last training saw
 */
export function volumeReason(
  newRows: number,
  known: number,
  { triggerVolumeRows, triggerVolumeShare }: VolumeSettings,
): TriggerReason | undefined {
  const byRows = triggerVolumeRows > 0 && newRows >= triggerVolumeRows;
  const byShare =
    triggerVolumeShare > 0 && newRows >= FEWEST_NEW_ROWS && newRows >= triggerVolumeShare * known;
  if (!byRows && !byShare) return undefined;
  return {
    trigger: 'volume',
    sentence: `${inWords(newRows)} new interactions since the last training, ${percent(newRows / known)} of the ${inWords(known)} that it saw.`,
    figures: {
      newInteractions: newRows,
      knownInteractions: known,
      share: newRows / known,
      ...(byRows ? { limitRows: triggerVolumeRows } : { limitShare: triggerVolumeShare }),
    },
  };
}
