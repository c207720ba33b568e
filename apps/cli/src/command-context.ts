import type { INestApplicationContext } from '@nestjs/common';
import { NotFoundError, TenantRepository, type Tenant } from '#libs/domain';
import type { Output } from './output/output.js';

/** What a command works with: the platform's services, a way to answer, and the name that its changes are recorded under. */
export interface CommandContext {
  readonly services: Pick<INestApplicationContext, 'get'>;
  readonly output: Output;
  readonly actor: string;
  readonly stateDir: string;
  /** Where the command was typed: what file names are relative to. */
  readonly workDir: string;
}

/** @throws NotFoundError */
export async function findTenant({ services }: CommandContext, slug: string): Promise<Tenant> {
  const tenant = await services.get(TenantRepository).findBySlug(slug);
  if (tenant === undefined) throw new NotFoundError('tenant', slug);
  return tenant;
}
