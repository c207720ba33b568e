import type { Command } from 'commander';
import { FleetTenantService, validateTenantSettings, type Tenant, type TenantSettings } from '#libs/domain';
import { checkRecipe } from '#libs/pipeline';
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

export function addTenantCommands(program: Command, run: RunWork): Command {
  const tenant = program
    .command('tenant')
    .description('create, list, export and erase tenants')
    .alias('tenants');
  addCommand(tenant, 'create <slug>', 'create a tenant')
    .option('--name <name>', 'display name; the slug if absent')
    .option('--time-zone <zone>', 'IANA time zone, decides when the night begins', 'UTC')
    .option('--currency <code>', 'ISO 4217', 'EUR')
    .option('--settings <json>', "settings over the template's", parseJsonObject, {})
    .action((slug: string, options: CreateOptions) =>
      run(options, async ({ services, output }) => {
        const { name = slug, timeZone, currency, settings } = options;
        checkOwnRecipe(settings);
        const created = await services
          .get(FleetTenantService)
          .create({ slug, name, timeZone, currency, settings });
        output.show(describe(created), HEAD, [rowOf(created)]);
      }),
    );
  addCommand(tenant, 'set <slug>', "replace a tenant's settings; what is not given is the template's again")
    .requiredOption('--settings <json>', "settings over the template's", parseJsonObject)
    .action((slug: string, options: { settings: TenantSettings; json?: boolean }) =>
      run(options, async ({ services, output }) => {
        checkOwnRecipe(options.settings);
        const changed = await services.get(FleetTenantService).changeSettings(slug, options.settings);
        output.show(describe(changed), HEAD, [rowOf(changed)]);
      }),
    );
  addCommand(tenant, 'quota <slug>', 'how much all keys of a tenant together may ask of the data plane')
    .option(
      '--requests-per-day <n>',
      'a day in UTC; 0 is no limit; absent: as the installation is set',
      Number,
    )
    .action((slug: string, options: { requestsPerDay?: number; json?: boolean }) =>
      run(options, async ({ services, output }) => {
        const changed = await services.get(FleetTenantService).changeQuota(slug, options.requestsPerDay);
        output.show(describe(changed), HEAD, [rowOf(changed)]);
      }),
    );
  addCommand(tenant, 'list', 'list all tenants').action((options: { json?: boolean }) =>
    run(options, async ({ services, output }) => {
      const tenants = await services.get(FleetTenantService).list();
      output.show({ tenants: tenants.map(describe) }, HEAD, tenants.map(rowOf));
    }),
  );
  return tenant;
}

/** Which algorithms and parameters there are is not the domain's to know. */
function checkOwnRecipe(settings: TenantSettings): void {
  const { recipe } = validateTenantSettings(settings);
  if (recipe !== undefined) checkRecipe({ algorithm: recipe.algorithm, params: recipe.params ?? {} });
}

/** The internal number of a tenant never leaves the platform. */
function describe({ slug, name, timeZone, currency, state, settings, requestsPerDay }: Tenant): object {
  return { tenant: slug, name, timeZone, currency, state, settings, requestsPerDay };
}

function rowOf({ slug, name, timeZone, currency, state }: Tenant): string[] {
  return [slug, name, timeZone, currency, state];
}
