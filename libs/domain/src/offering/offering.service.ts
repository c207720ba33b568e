import { ConflictError, InvalidInputError } from '../errors/nightshift-error.js';
import { validateReranking } from '../reranking/validate-reranking.js';
import type { Tenant } from '../tenants/tenant.js';
import type {
  Offering,
  OfferingChange,
  OfferingKind,
  OfferingRepository,
  RetiredProduct,
} from './offering.js';
import { validateRules } from './validate-rules.js';

export interface OfferingChangeRequest {
  readonly document: unknown;
  readonly reason: string;
  readonly actor: string;
  readonly expectedVersion?: number;
}

const VALIDATE = { rules: validateRules, reranking: validateReranking } as const;

/** Rules and re-ranking settings are data: checked, numbered, and never changed without a name and a reason. */
export class OfferingService {
  constructor(private readonly repository: OfferingRepository) {}

  current(tenant: Tenant): Promise<Offering> {
    return this.repository.current(tenant.id);
  }

  /** @throws InvalidInputError `invalidRules`, `invalidReranking`, `reasonRequired`; ConflictError `offeringChanged` */
  async change(tenant: Tenant, kind: OfferingKind, request: OfferingChangeRequest): Promise<OfferingChange> {
    const reason = request.reason.trim();
    if (reason === '') {
      throw new InvalidInputError('reasonRequired', 'Say why: a change is recorded with its reason.', [
        { field: 'reason', code: 'required', message: 'must not be empty' },
      ]);
    }
    const document = VALIDATE[kind](request.document);
    const change = await this.repository.change(tenant.id, { ...request, kind, document, reason });
    if (change !== undefined) return change;
    throw new ConflictError(
      'offeringChanged',
      `Version ${request.expectedVersion} is not the newest: somebody else has changed it meanwhile.`,
    );
  }

  retired(tenant: Tenant): Promise<RetiredProduct[]> {
    return this.repository.retired(tenant.id);
  }

  history(tenant: Tenant, kind: OfferingKind, limit = 100): Promise<OfferingChange[]> {
    return this.repository.history(tenant.id, kind, limit);
  }
}
