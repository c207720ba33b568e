import { NightshiftError, type TenantId } from '#libs/domain';

/** One works, and these wait. */
const MOST_WAITING = 8;

/** Work that keeps the process busy, one piece of each tenant at a time: whoever asks for much at once waits for itself. */
export class TenantTurns {
  private readonly underWay = new Map<TenantId, { last: Promise<unknown>; count: number }>();

  /** @throws NightshiftError `tooManyPreviews` */
  async take<T>(tenantId: TenantId, work: () => Promise<T>): Promise<T> {
    const line = this.underWay.get(tenantId) ?? { last: Promise.resolve(), count: 0 };
    if (line.count > MOST_WAITING)
      throw new NightshiftError(
        'busy',
        'tooManyPreviews',
        'Too many previews of this tenant are being made.',
      );
    this.underWay.set(tenantId, line);
    line.count++;
    const turn = line.last.then(work);
    line.last = turn.catch(() => undefined);
    try {
      return await turn;
    } finally {
      if (--line.count === 0) this.underWay.delete(tenantId);
    }
  }
}
