/** More are not remembered: the oldest is forgotten first. */
const MOST = 10_000;

interface Failures {
  readonly count: number;
  readonly lockedUntil: Date | undefined;
}

/** Wrong sign-ins under addresses that nobody has, counted as accounts count theirs. In memory alone. */
export class UnknownAddresses {
  private readonly failures = new Map<string, Failures>();

  constructor(
    private readonly lockAfter: number,
    private readonly lockMs: number,
  ) {}

  /** @returns until when the address is locked, if it is */
  noteFailure(address: string, now: Date): Date | undefined {
    const known = this.failures.get(address);
    if (known?.lockedUntil !== undefined && known.lockedUntil > now) return known.lockedUntil;
    const count = (known?.lockedUntil === undefined ? (known?.count ?? 0) : 0) + 1;
    const lockedUntil = count >= this.lockAfter ? new Date(now.getTime() + this.lockMs) : undefined;
    this.failures.delete(address);
    this.failures.set(address, { count, lockedUntil });
    if (this.failures.size > MOST) this.failures.delete(this.failures.keys().next().value as string);
    return lockedUntil;
  }
}
