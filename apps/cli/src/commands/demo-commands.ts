import type { Command } from 'commander';
import { simulateWorld, worldProfiles } from '#libs/simulator';
import { createDemoTenant, type DemoTenant } from '../demo/create-demo-tenant.js';
import { createDemoPeople } from '../demo/create-demo-people.js';
import { DemoSecrets } from '../demo/demo-secrets.js';
import { reportDemoTenant, type DemoTenantReport } from '../demo/report-demo-tenant.js';
import { addCommand, type RunWork } from './command-runner.js';

/** The demo's worlds are the same on every machine; only their last day is today. */
const DEMO_SEED = 20_261_121;

export function addDemoCommands(program: Command, run: RunWork): void {
  const demo = program.command('demo').description('three simulated tenants to look at');
  addCommand(demo, 'create', 'create the demo fleet where it is missing and request its first night').action(
    (options: { json?: boolean }) =>
      run(options, async (context) => {
        const keys = await DemoSecrets.keys(context.stateDir);
        const untilDate = new Date();
        const tenants: DemoTenant[] = [];
        for (const profile of Object.values(worldProfiles)) {
          const createWorld = () => simulateWorld(profile, { seed: DEMO_SEED, untilDate });
          tenants.push(await createDemoTenant(context, keys, profile, createWorld));
        }
        const passwords = await DemoSecrets.passwords(context.stateDir);
        const people = await createDemoPeople(
          context,
          passwords,
          tenants.map(({ tenant }) => tenant),
        );
        const rows = tenants.map((t) => [
          t.tenant,
          t.customers,
          t.products,
          t.interactions,
          t.runId,
          t.keys.full,
        ]);
        const head = ['tenant', 'customers', 'products', 'interactions', 'run', 'key'];
        context.output.show({ tenants, people }, head, rows);
      }),
  );
  addCommand(demo, 'report', "the demo fleet's champions and their numbers").action(
    (options: { json?: boolean }) =>
      run(options, async (context) => {
        const tenants: DemoTenantReport[] = [];
        for (const profile of Object.values(worldProfiles)) {
          const report = await reportDemoTenant(context, profile.tenant.slug);
          if (report !== undefined) tenants.push(report);
        }
        const head = [
          'tenant',
          'customers',
          'interactions',
          'champion',
          'RMSE',
          'NDCG@10',
          'popularity',
          'lists',
        ];
        const rows = tenants.map((t) => [
          ...[t.tenant, t.customers, t.interactions, t.champion],
          ...[t.rmse, t.ndcg10, t.popularityNdcg10, t.listsPublished],
        ]);
        context.output.show({ tenants }, head, rows);
      }),
  );
}
