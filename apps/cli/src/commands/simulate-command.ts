import { Option, type Command } from 'commander';
import { FLEET_PROFILES, type FleetProfile } from '#libs/simulator';
import { forecastFleet, simulateFleet } from '../worlds/simulate-fleet.js';
import { addCommand, type RunWork } from './command-runner.js';
import { parsePastDate, parseWholeNumber } from './option-parsers.js';

interface SimulateOptions {
  readonly tenants: number;
  readonly profile: FleetProfile;
  readonly seed: number;
  readonly days?: number;
  readonly until: Date;
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

const MOST_TENANTS = 9999;
const MAXIMUM_SEED = 2_147_483_647;
const MOST_DAYS = 366;

export function addSimulateCommand(program: Command, run: RunWork): void {
  addCommand(
    program,
    'simulate',
    'fill a fleet of simulated tenants, or let it live on; ends with a JSON line',
  )
    .requiredOption('--tenants <number>', 'how many', parseWholeNumber(1, MOST_TENANTS))
    .addOption(
      new Option('--profile <name>', 'what kind of business').choices(FLEET_PROFILES).default('mixed'),
    )
    .option('--seed <number>', 'the same seed is the same fleet', parseWholeNumber(0, MAXIMUM_SEED), 1)
    .option(
      '--days <number>',
      'tenants that have a history live on for so many days',
      parseWholeNumber(1, MOST_DAYS),
    )
    .option(
      '--until <date>',
      'where new histories end (2026-01-31); now if absent',
      parsePastDate,
      new Date(),
    )
    .option('--dry-run', 'only say what it will take')
    .action((options: SimulateOptions) =>
      run(options, async (context) => {
        const { tenants, profile, seed, days, until: untilDate } = options;
        const forecast = forecastFleet({ tenants, profile, seed });
        const millions = (forecast.interactions / 1e6).toFixed(1);
        const gigabytes = (forecast.bytes / 1e9).toFixed(1);
        context.output.note(
          `${tenants} tenants: about ${millions} million interactions, ${gigabytes} GB on the database's disk`,
        );
        if (options.dryRun === true) {
          context.output.json({ forecast });
          return;
        }
        const fleet = await simulateFleet(context, { tenants, profile, seed, days, untilDate });
        context.output.json({ ...fleet, forecast });
      }),
    );
}
