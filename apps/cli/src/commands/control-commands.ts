import type { Command } from 'commander';
import { LIFECYCLE_STATES, LifecycleService, ModelRegistryService, type LifecycleState } from '#libs/domain';
import { findTenant } from '../command-context.js';
import { addCommand, type RunWork } from './command-runner.js';
import { parseState, parseWholeNumber } from './option-parsers.js';

interface LifecycleOptions {
  readonly tenant: string;
  readonly state: LifecycleState;
  readonly reason: string;
  readonly json?: boolean;
}

interface RollBackOptions {
  readonly tenant: string;
  readonly version: number;
  readonly reason: string;
  readonly json?: boolean;
}

const MAXIMUM_VERSION = 999_999_999;

/** What a person decides: state and model. */
export function addControlCommands(program: Command, run: RunWork): void {
  addCommand(program, 'lifecycle', 'switch on, freeze or switch off')
    .requiredOption('--tenant <slug>', 'tenant')
    .requiredOption('--state <state>', LIFECYCLE_STATES.join(', '), parseState)
    .requiredOption('--reason <text>', 'recorded with the change')
    .action((options: LifecycleOptions) =>
      run(options, async (context) => {
        const tenant = await findTenant(context, options.tenant);
        const { state, reason } = options;
        const result = await context.services
          .get(LifecycleService)
          .change(tenant, { state, reason, actor: context.actor });
        context.output.show(
          { tenant: tenant.slug, ...result },
          ['tenant', 'state', 'since', 'changed'],
          [[tenant.slug, result.state, result.changedAt, result.changed ? 'yes' : 'it was so already']],
        );
      }),
    );
  addCommand(program, 'rollback', 'serve an earlier model version again, from the lists it had')
    .requiredOption('--tenant <slug>', 'tenant')
    .requiredOption('--version <number>', 'model version', parseWholeNumber(1, MAXIMUM_VERSION))
    .requiredOption('--reason <text>', 'recorded with the change')
    .action((options: RollBackOptions) =>
      run(options, async (context) => {
        const tenant = await findTenant(context, options.tenant);
        const { version, reason } = options;
        const request = { version, reason, actor: context.actor };
        const { modelVersion, revision, movedAt } = await context.services
          .get(ModelRegistryService)
          .rollBack(tenant, request);
        const result = { tenant: tenant.slug, modelVersion, revision, movedAt };
        context.output.show(
          result,
          ['tenant', 'model version', 'since'],
          [[tenant.slug, modelVersion, movedAt]],
        );
      }),
    );
}
