import { useTenant } from '../tenant/tenant-context.js';
import { momentText, type Detail } from './moment-text.js';

export { momentText };

/** In the tenant's own time zone; the tooltip says which, and the moment in UTC. */
export function Moment({ at, detail = 'minute' }: { at: string; detail?: Detail }) {
  const { timeZone } = useTenant();
  return (
    <time dateTime={at} title={`${timeZone}; ${at.slice(0, 16).replace('T', ' ')} UTC`}>
      {momentText(at, timeZone, detail)}
    </time>
  );
}

export const dayText = (day: string): string => momentText(`${day}T12:00:00Z`, 'UTC', 'day');

/** A local date of the tenant, which has no time of day: nothing is to be shifted. */
export function Day({ day }: { day: string }) {
  return <time dateTime={day}>{dayText(day)}</time>;
}
