import type { Command } from 'commander';
import {
  ApiKeyService,
  DEFAULT_OVERLAP_HOURS,
  KEY_SCOPES,
  MAXIMUM_OVERLAP_HOURS,
  NotFoundError,
  type ApiKey,
  type KeyScope,
} from '#libs/domain';
import { findTenant } from '../command-context.js';
import type { Cell } from '../output/output.js';
import { addCommand, type RunWork } from './command-runner.js';
import { parseScopes, parseWholeNumber } from './option-parsers.js';

interface TenantOptions {
  readonly tenant: string;
  readonly json?: boolean;
}

interface CreateOptions extends TenantOptions {
  readonly name: string;
  readonly scopes: readonly KeyScope[];
}

export function addKeyCommands(program: Command, run: RunWork): void {
  const key = program.command('key').description('create, list and revoke API keys');
  addCommand(key, 'create', 'create a key; its token is shown this once')
    .requiredOption('--tenant <slug>', 'tenant')
    .requiredOption('--name <name>', 'who will use it; recorded with every change made by it')
    .requiredOption('--scopes <list>', `of ${KEY_SCOPES.join(', ')}, separated by commas`, parseScopes)
    .action((options: CreateOptions) =>
      run(options, async (context) => {
        const tenant = await findTenant(context, options.tenant);
        const { name, scopes } = options;
        const { key: created, token } = await context.services
          .get(ApiKeyService)
          .create(tenant, { name, scopes });
        context.output.show(
          { ...describe(created), token },
          ['key', 'name', 'scopes', 'token'],
          [[created.keyId, name, scopes.join(', '), token]],
        );
      }),
    );
  addCommand(key, 'list', "list a tenant's keys")
    .requiredOption('--tenant <slug>', 'tenant')
    .action((options: TenantOptions) =>
      run(options, async (context) => {
        const keys = await context.services
          .get(ApiKeyService)
          .list(await findTenant(context, options.tenant));
        const head = ['key', 'name', 'scopes', 'expires', 'revoked'];
        context.output.show({ keys: keys.map(describe) }, head, keys.map(rowOf));
      }),
    );
  addCommand(key, 'rotate <keyId>', 'create a successor; the old key opens for a while longer')
    .requiredOption('--tenant <slug>', 'tenant')
    .option(
      '--overlap-hours <hours>',
      'so long both open',
      parseWholeNumber(0, MAXIMUM_OVERLAP_HOURS),
      DEFAULT_OVERLAP_HOURS,
    )
    .action((keyId: string, options: TenantOptions & { overlapHours: number }) =>
      run(options, async (context) => {
        const tenant = await findTenant(context, options.tenant);
        const { key: created, token } = await context.services
          .get(ApiKeyService)
          .rotate(tenant, keyId, options.overlapHours);
        context.output.show(
          { ...describe(created), token },
          ['key', 'name', 'scopes', 'token'],
          [[created.keyId, created.name, created.scopes.join(', '), token]],
        );
      }),
    );
  addCommand(key, 'revoke <keyId>', 'end a key, at once and for good')
    .requiredOption('--tenant <slug>', 'tenant')
    .action((keyId: string, options: TenantOptions) =>
      run(options, async (context) => {
        const tenant = await findTenant(context, options.tenant);
        const known = await context.services.get(ApiKeyService).revoke(tenant, keyId);
        if (!known) throw new NotFoundError('key', keyId);
        context.output.show({ keyId, revoked: true }, ['key', 'revoked'], [[keyId, 'yes']]);
      }),
    );
}

/** Without the hash: nothing that is printed should be worth stealing. */
function describe({ keyId, name, scopes, expiresAt, revokedAt }: ApiKey): object {
  return { keyId, name, scopes, expiresAt: expiresAt ?? null, revokedAt: revokedAt ?? null };
}

function rowOf({ keyId, name, scopes, expiresAt, revokedAt }: ApiKey): Cell[] {
  return [keyId, name, scopes.join(', '), expiresAt, revokedAt];
}
