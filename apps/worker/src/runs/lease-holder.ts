import { LeaseLostError, type RunLease, type RunRepository } from '#libs/domain';

/**
 * Renews a lease until it is released. A renewal that fails is tried again at the next beat; a lease that is lost is
 * not noticed here but by the next write of a stage, which checks the token.
 */
export function holdLease(runs: RunRepository, lease: RunLease, leaseMs: number): () => void {
  const timer = setInterval(() => {
    runs.extendLease(lease, leaseMs).catch((error: unknown) => {
      if (error instanceof LeaseLostError) clearInterval(timer);
    });
  }, leaseMs / 3);
  return () => clearInterval(timer);
}
