import { InvalidInputError, NotFoundError } from '../errors/nightshift-error.js';
import type { Tenant } from '../tenants/tenant.js';
import type {
  AvailabilityChange,
  AvailabilityRequest,
  ProductAvailability,
  ProductRepository,
} from './product-availability.js';

/** Hides, retires and brings back products between two files; serving nodes are told at once. */
export class ProductService {
  constructor(private readonly repository: ProductRepository) {}

  /** @throws NotFoundError */
  async availability(tenant: Tenant, productId: string): Promise<ProductAvailability> {
    return foundOr404(await this.repository.availability(tenant.id, productId), productId);
  }

  history(tenant: Tenant, productId: string, limit = 100): Promise<AvailabilityChange[]> {
    return this.repository.history(tenant.id, productId, limit);
  }

  /** @throws InvalidInputError `reasonRequired`, `invalidFields`; NotFoundError */
  async setAvailability(
    tenant: Tenant,
    productId: string,
    request: AvailabilityRequest,
  ): Promise<ProductAvailability> {
    const reason = request.reason.trim();
    if (reason === '') {
      throw new InvalidInputError('reasonRequired', 'Say why: a change is recorded with its reason.', [
        { field: 'reason', code: 'required', message: 'must not be empty' },
      ]);
    }
    const { availableFrom, retiredAt } = request;
    if (availableFrom !== null && retiredAt !== null && retiredAt <= availableFrom) {
      throw new InvalidInputError('invalidFields', 'A product is retired after it became available.', [
        { field: 'retiredAt', code: 'invalid', message: 'must be later than availableFrom' },
      ]);
    }
    return foundOr404(
      await this.repository.setAvailability(tenant.id, productId, { ...request, reason }),
      productId,
    );
  }
}

function foundOr404(found: ProductAvailability | undefined, productId: string): ProductAvailability {
  if (found === undefined) throw new NotFoundError('product', productId);
  return found;
}
