import { NightshiftError } from '#libs/domain';

const STRONG_TAG = /^"(\d{1,9})-[\w-]{16}"$/;

/**
 * The version that a change was made from; undefined for `*`: any.
 * @throws NightshiftError `conditionMissing`, `settingsChanged`
 */
export function expectedVersionOf(ifMatch: string | undefined): number | undefined {
  if (ifMatch === undefined || ifMatch.trim() === '') {
    throw new NightshiftError(
      'condition-missing',
      'conditionMissing',
      'Send the `ETag` of the settings that you have seen as `If-Match`, or `*` to replace whatever is there.',
    );
  }
  if (ifMatch.trim() === '*') return undefined;
  // RFC 9110, 13.1.1: strong comparison; what is no tag of ours matches nothing.
  const match = STRONG_TAG.exec(ifMatch.trim());
  if (match === null)
    throw new NightshiftError('changed', 'settingsChanged', '`If-Match` is no tag of the settings.');
  return Number(match[1]);
}
