import { momentText } from '../parts/moment.js';

const ZONE = Intl.DateTimeFormat().resolvedOptions().timeZone;

/** In the operator's own time zone, because the fleet has many. */
export function OperatorMoment({ at }: { at: string }) {
  return (
    <time dateTime={at} title={`${ZONE}; ${at.slice(0, 16).replace('T', ' ')} UTC`}>
      {momentText(at, ZONE)}
    </time>
  );
}
