import { ConflictError, InvalidInputError, NotFoundError } from '../errors/nightshift-error.js';
import { currentNight } from '../runs/night.js';
import type { Run } from '../runs/run.js';
import type { RunRepository } from '../runs/run.repository.js';
import type { ArtifactStore } from '../snapshots/artifact-store.js';
import { cloneTemplate } from '../template/pipeline-template.js';
import type { Tenant } from '../tenants/tenant.js';
import type { ModelRegistryRepository, MoveRequest } from './model-registry.repository.js';

/** Challengers that lost keep their model file while they are among the newest so many: each is as large as a champion's. */
export const KEPT_LOSERS = 3;

/** What a person may be told before the run, and the run itself when the file has gone meanwhile. */
export function artifactGone(version: number): ConflictError {
  return new ConflictError('artifactGone', `The model file of version ${version} is not kept any more.`);
}

/**
 * A version that has no lists is put into service by a run: it ranks everybody and publishes, and nothing is different for the
 * endpoint before that.
 */
export class PromotionService {
  constructor(
    private readonly runs: RunRepository,
    private readonly registry: ModelRegistryRepository,
    private readonly artifacts: ArtifactStore,
  ) {}

  unfinished(tenant: Tenant): Promise<Run | undefined> {
    return this.runs.unfinishedPromotion(tenant.id);
  }

  /**
   * @throws InvalidInputError `reasonRequired`; NotFoundError
   * @throws ConflictError `tenantOff`, `alreadyServing`, `artifactGone`, `runUnfinished`
   */
  async promote(tenant: Tenant, request: MoveRequest): Promise<{ run: Run; joined: boolean }> {
    const reason = request.reason.trim();
    if (reason === '') {
      throw new InvalidInputError(
        'reasonRequired',
        'Say why: a change of model is recorded with its reason.',
        [{ field: 'reason', code: 'required', message: 'must not be empty' }],
      );
    }
    if (tenant.state === 'off')
      throw new ConflictError('tenantOff', `${tenant.slug} is off: switch it on before choosing a model.`);
    const version = await this.registry.find(tenant.id, request.version);
    if (version === undefined) throw new NotFoundError('model version', String(request.version));
    if ((await this.registry.pointer(tenant.id))?.modelVersion === request.version)
      throw new ConflictError('alreadyServing', `Version ${request.version} serves already.`);
    if (!(await this.hasFile(version.artifact))) throw artifactGone(request.version);
    const { nightStartsAtHour, seed } = cloneTemplate(tenant.settings);
    return this.runs.requestPromotion(tenant.id, {
      night: currentNight(new Date(), tenant.timeZone, nightStartsAtHour).date,
      seed,
      templateVersion: tenant.templateVersion,
      requestedBy: request.actor,
      reason,
      promotesVersion: request.version,
    });
  }

  private async hasFile(artifact: string): Promise<boolean> {
    const folder = artifact.slice(0, artifact.lastIndexOf('/'));
    return (await this.artifacts.list(folder)).some(({ name }) => name === artifact);
  }
}
