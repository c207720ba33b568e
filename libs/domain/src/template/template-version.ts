import { InvalidInputError, NightshiftError, NotFoundError } from '../errors/nightshift-error.js';
import type { PipelineTemplate } from './pipeline-template.js';
import { completeTemplate, validateTemplateSettings, type TemplateSettings } from './template-settings.js';

/** Never changed once it is registered: a run names its version for good. */
export interface TemplateVersion {
  readonly version: number;
  readonly settings: TemplateSettings;
  /** What is different, and why. */
  readonly note: string;
  readonly registeredBy: string;
  readonly registeredAt: Date;
}

export interface ListedTemplateVersion extends TemplateVersion {
  /** Tenants that have it now. */
  readonly tenants: number;
  /** Whether new tenants get it. */
  readonly inUse: boolean;
}

/** Template versions, as a night reads them. */
export abstract class TemplateCatalogue {
  abstract find(version: number): Promise<TemplateVersion | undefined>;
}

/** Template versions, as the platform keeps them. */
export abstract class TemplateRepository {
  /** Gives it the next number. */
  abstract register(
    version: Pick<TemplateVersion, 'settings' | 'note' | 'registeredBy'>,
  ): Promise<TemplateVersion>;
  abstract find(version: number): Promise<TemplateVersion | undefined>;
  /** Newest first. */
  abstract list(): Promise<ListedTemplateVersion[]>;
}

/** @throws NightshiftError `unknownTemplate` */
export async function templateOf(catalogue: TemplateCatalogue, version: number): Promise<PipelineTemplate> {
  const found = await catalogue.find(version);
  if (found === undefined)
    throw new NightshiftError('internal', 'unknownTemplate', `There is no template version ${version}.`);
  return completeTemplate(version, found.settings);
}

export class TemplateService {
  constructor(private readonly templates: TemplateRepository) {}

  /** @throws InvalidInputError `invalidTemplate`, `reasonRequired` */
  async register(settings: unknown, note: string, registeredBy: string): Promise<TemplateVersion> {
    const checked = validateTemplateSettings(settings);
    if (note.trim() === '') {
      throw new InvalidInputError('reasonRequired', 'Say what is different, and why.', [
        { field: 'note', code: 'required', message: 'must not be empty' },
      ]);
    }
    return this.templates.register({ settings: checked, note: note.trim(), registeredBy });
  }

  /** @throws NotFoundError */
  async get(version: number): Promise<TemplateVersion> {
    const found = await this.templates.find(version);
    if (found === undefined) throw new NotFoundError('template version', String(version));
    return found;
  }

  list(): Promise<ListedTemplateVersion[]> {
    return this.templates.list();
  }
}
