import { mkdir, open, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import {
  CustomerExportService,
  ErasureLedger,
  ErasureRepository,
  ErasureService,
  FleetErasureRepository,
  NotFoundError,
  replayErasures,
  StoredRowSource,
  type Erasure,
} from '#libs/domain';
import { findTenant, type CommandContext } from '../command-context.js';
import { addCommand, type RunWork } from './command-runner.js';

interface Options {
  readonly tenant: string;
  readonly customer: string;
  readonly out: string;
  readonly confirm: string;
  readonly json?: boolean;
}

const HEAD = ['store', 'what', 'count', 'done'];

/** What is known of somebody, and how it is forgotten. */
export function addErasureCommands(program: Command, tenant: Command, run: RunWork): void {
  const customer = program.command('customer').description('export and erase customers').alias('customers');
  addCommand(customer, 'export', 'write everything that is known about a customer into a folder')
    .requiredOption('--tenant <slug>', 'tenant')
    .requiredOption('--customer <id>', 'customer')
    .requiredOption('--out <folder>', 'NDJSON files by table, and the ranked list')
    .action((options: Options) => run(options, (context) => exportCustomer(context, options)));
  addCommand(customer, 'erase', 'forget a customer everywhere; a worker does it')
    .requiredOption('--tenant <slug>', 'tenant')
    .requiredOption('--customer <id>', 'customer')
    .action((options: Options) =>
      run(options, async (context) => {
        const found = await findTenant(context, options.tenant);
        const service = context.services.get(ErasureService);
        show(context, await service.requestCustomer(found, options.customer, context.actor));
      }),
    );
  addCommand(tenant, 'export <slug>', 'write everything of a tenant but secrets into a folder')
    .requiredOption('--out <folder>', 'NDJSON files by table')
    .action((slug: string, options: Options) =>
      run(options, (context) => exportTenant(context, slug, options.out)),
    );
  addCommand(tenant, 'erase <slug>', 'forget a tenant everywhere; a worker does it')
    .requiredOption('--confirm <slug>', 'the name once more')
    .action((slug: string, options: Options) =>
      run(options, async (context) => {
        const found = await findTenant(context, slug);
        const service = context.services.get(ErasureService);
        show(context, await service.requestTenant(found, options.confirm, context.actor));
      }),
    );
  const erasures = program.command('erasure').description('receipts of erasures').alias('erasures');
  addCommand(erasures, 'show <erasureId>', 'how an erasure stands, and its receipt')
    .option('--tenant <slug>', 'tenant; without it, the receipt of a tenant that is gone')
    .action((erasureId: string, options: Partial<Options>) =>
      run(options, async (context) => show(context, await find(context, erasureId, options.tenant))),
    );
  addCommand(erasures, 'replay', 'after a restore: erase again what was erased since the backup').action(
    (options: { json?: boolean }) =>
      run(options, async ({ services, output }) => {
        const replayed = await replayErasures(services.get(ErasureLedger), services.get(ErasureRepository));
        output.show(replayed, Object.keys(replayed), [Object.values(replayed)]);
      }),
  );
}

async function find(context: CommandContext, erasureId: string, slug?: string): Promise<Erasure> {
  if (slug !== undefined)
    return context.services.get(ErasureService).get(await findTenant(context, slug), erasureId);
  const gone = await context.services.get(FleetErasureRepository).tenantErasure(erasureId);
  if (gone === undefined) throw new NotFoundError('receipt of an erased tenant', erasureId);
  return gone;
}

function show({ output }: CommandContext, erasure: Erasure): void {
  output.note(`${erasure.erasureId}: ${erasure.status}`);
  const rows = erasure.receipt.map(({ store, what, count, doneAt }) => [store, what, count, doneAt]);
  output.show(erasure, HEAD, rows);
}

async function exportCustomer(context: CommandContext, options: Options): Promise<void> {
  const tenant = await findTenant(context, options.tenant);
  const { rows, ...rest } = await context.services
    .get(CustomerExportService)
    .export(tenant, options.customer);
  const folder = resolve(context.workDir, options.out);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  for (const [table, found] of Object.entries(rows))
    await writeFile(join(folder, `${table}.ndjson`), toNdjson(found), { mode: 0o600 });
  await writeFile(join(folder, 'customer.json'), `${JSON.stringify(rest, undefined, 2)}\n`, { mode: 0o600 });
  const counts = Object.fromEntries(Object.entries(rows).map(([table, found]) => [table, found.length]));
  context.output.show({ folder, rows: counts }, ['table', 'rows'], Object.entries(counts));
}

async function exportTenant(context: CommandContext, slug: string, out: string): Promise<void> {
  const tenant = await findTenant(context, slug);
  const folder = resolve(context.workDir, out);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const counts: Record<string, number> = {};
  await context.services.get(StoredRowSource).ofTenant(tenant.id, async (table, rows) => {
    const file = await open(join(folder, `${table}.ndjson`), counts[table] === undefined ? 'w' : 'a', 0o600);
    await file.writeFile(toNdjson(rows)).finally(() => file.close());
    counts[table] = (counts[table] ?? 0) + rows.length;
  });
  context.output.show({ folder, rows: counts }, ['table', 'rows'], Object.entries(counts));
}

function toNdjson(rows: readonly object[]): string {
  return rows.map((row) => `${JSON.stringify(row)}\n`).join('');
}
