import type { RetiredProduct } from '#libs/domain';

/** Of table `product`: what is not offered now, or will not be from a moment on. */
export const UNAVAILABLE = '(retired_at IS NOT NULL OR hidden OR available_from > now())';

export interface UnavailableRow {
  readonly product_id: string;
  readonly hidden: boolean;
  readonly available_from: Date | null;
  readonly retired_at: Date | null;
}

export function toRetired(row: UnavailableRow): RetiredProduct {
  const retiredAt = row.hidden ? 0 : row.retired_at?.getTime();
  const availableFrom = row.hidden ? undefined : row.available_from?.getTime();
  return {
    productId: row.product_id,
    ...(availableFrom === undefined ? {} : { availableFrom }),
    ...(retiredAt === undefined ? {} : { retiredAt }),
  };
}
