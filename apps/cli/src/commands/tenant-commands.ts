import type { Command } from 'commander';
import { FleetTenantService, type Tenant, type TenantSettings } from '#libs/domain';
import { addCommand, type RunWork } from './command-runner.js';
import { parseJsonObject } from './option-parsers.js';

interface CreateOptions {
  readonly name?: string;
  readonly timeZone: string;
  readonly currency: string;
  readonly settings: TenantSettings;
  readonly json?: boolean;
}

const HEAD = ['tenant', 'name', 'time zone', 'currency', 'state'];

export function addTenantCommands(program: Command, run: RunWork): void {
  const tenant = program.command('tenant').description('create and list tenants');
  addCommand(tenant, 'create <slug>', 'create a tenant')
    .option('--name <name>', 'display name; the slug if absent')
    .option('--time-zone <zone>', 'IANA time zone, decides when the night begins', 'UTC')
    .option('--currency <code>', 'ISO 4217', 'EUR')
    .option('--settings <json>', "settings over the template's", parseJsonObject, {})
    .action((slug: string, options: CreateOptions) =>
      run(options, async ({ services, output }) => {
        const { name = slug, timeZone, currency, settings } = options;
        const created = await services
          .get(FleetTenantService)
          .create({ slug, name, timeZone, currency, settings });
        output.show(describe(created), HEAD, [rowOf(created)]);
      }),
    );
  addCommand(tenant, 'list', 'list all tenants').action((options: { json?: boolean }) =>
    run(options, async ({ services, output }) => {
      const tenants = await services.get(FleetTenantService).list();
      output.show({ tenants: tenants.map(describe) }, HEAD, tenants.map(rowOf));
    }),
  );
}

/** The internal number of a tenant never leaves the platform. */
function describe({ slug, name, timeZone, currency, state, settings }: Tenant): object {
  return { tenant: slug, name, timeZone, currency, state, settings };
}

function rowOf({ slug, name, timeZone, currency, state }: Tenant): string[] {
  return [slug, name, timeZone, currency, state];
}
