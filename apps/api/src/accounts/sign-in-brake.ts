import { NightshiftError } from '#libs/domain';
import { RequestLimits } from '#libs/http';

/** Hashes at a time: each takes a thread for some 30 ms and 19 MiB. */
const MOST_AT_ONCE = 16;
/** Of one address; ten at once. */
const PER_SECOND = 1;

/** Accounts lock themselves; this is against trying one password on many accounts, and against hashing as a weapon. */
export class SignInBrake {
  private readonly limits = new RequestLimits({ keyRequestsPerSecond: PER_SECOND, tenantRequestsPerDay: 0 });
  private under = 0;

  /** @throws NightshiftError `tooManySignIns` */
  async pass<T>(address: string, work: () => Promise<T>, now = Date.now()): Promise<T> {
    const state = this.limits.take({ keyId: address, tenantId: 0 }, now);
    if (state.code !== 'allowed' || this.under >= MOST_AT_ONCE)
      throw new NightshiftError(
        'busy',
        'tooManySignIns',
        'Too many sign-ins at once; try again in a moment.',
      );
    this.under++;
    try {
      return await work();
    } finally {
      this.under--;
    }
  }
}
