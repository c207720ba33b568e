import type { TenantSize } from '#libs/domain';

export interface RunCost {
  /** CPU time of a whole run on one core like those of the measurements in docs/fleet.md. */
  readonly seconds: number;
  /** Held at once besides fits: rows, matrices, scores and lists. */
  readonly dataBytes: number;
}

/** Measured on the simulated fleet, see docs/fleet.md; for lanes and admission, not for bills. */
const SECONDS = { run: 0.1, interaction: 20e-6, customer: 150e-6, product: 0.5e-3 };
const BYTES = { run: 2 ** 24, interaction: 250, customer: 4_000, product: 4_000 };

/** What a run is expected to take, from what it is about. */
export function estimateRunCost({ interactions, customers, products }: TenantSize): RunCost {
  const total = (per: typeof SECONDS) =>
    per.run + interactions * per.interaction + customers * per.customer + products * per.product;
  return { seconds: total(SECONDS), dataBytes: total(BYTES) };
}
