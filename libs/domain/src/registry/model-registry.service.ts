import { InvalidInputError } from '../errors/nightshift-error.js';
import { cloneTemplate } from '../template/pipeline-template.js';
import type { Tenant } from '../tenants/tenant.js';
import type {
  ModelRegistryRepository,
  MoveRequest,
  RegistryChange,
  StoredVerdict,
} from './model-registry.repository.js';
import type { ModelVersion, ServingPointer } from './model-version.js';

export class ModelRegistryService {
  constructor(private readonly registry: ModelRegistryRepository) {}

  pointer(tenant: Tenant): Promise<ServingPointer | undefined> {
    return this.registry.pointer(tenant.id);
  }

  list(tenant: Tenant, limit = 50): Promise<ModelVersion[]> {
    return this.registry.list(tenant.id, limit);
  }

  verdicts(tenant: Tenant, limit = 50): Promise<StoredVerdict[]> {
    return this.registry.verdicts(tenant.id, limit);
  }

  /** Which versions people have chosen, newest first. */
  history(tenant: Tenant, limit = 50): Promise<RegistryChange[]> {
    return this.registry.changes(tenant.id, limit);
  }

  /**
   * Serves an earlier version again, from the lists it had: nothing is trained.
   * @throws InvalidInputError `reasonRequired`; NotFoundError when the version's lists are gone
   */
  async rollBack(tenant: Tenant, request: MoveRequest): Promise<ServingPointer> {
    const reason = request.reason.trim();
    if (reason === '') {
      throw new InvalidInputError(
        'reasonRequired',
        'Say why: a change of model is recorded with its reason.',
        [{ field: 'reason', code: 'required', message: 'must not be empty' }],
      );
    }
    return this.registry.moveTo(
      tenant.id,
      { ...request, reason },
      cloneTemplate(tenant.settings).keptVersions,
    );
  }
}
