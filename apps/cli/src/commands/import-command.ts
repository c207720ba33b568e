import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Command } from 'commander';
import {
  ImportService,
  InvalidInputError,
  MappingCatalogue,
  NightshiftError,
  NotFoundError,
  parseImportMapping,
  parseImportMappingText,
  type ImportMapping,
  type ImportResult,
  type Tenant,
} from '#libs/domain';
import { findTenant, type CommandContext } from '../command-context.js';
import { addCommand, type RunWork } from './command-runner.js';

interface ImportOptions {
  readonly tenant: string;
  readonly mapping: string;
  readonly json?: boolean;
}

const SHOWN_REJECTIONS = 10;
const RETRY_MS = 1_000;

export function addImportCommand(program: Command, run: RunWork): void {
  addCommand(program, 'import <file>', 'import a CSV, NDJSON or Parquet file; ends with a JSON line')
    .requiredOption('--tenant <slug>', 'tenant')
    .requiredOption(
      '--mapping <file or name>',
      'mapping file, or the name of a mapping that ships with the project',
    )
    .action((file: string, options: ImportOptions) =>
      run(options, async (context) => {
        const tenant = await findTenant(context, options.tenant);
        const mapping = await readMapping(context, options.mapping);
        const location = await findFile(context, file);
        const result = await whenThereIsRoom(context, () =>
          context.services.get(ImportService).import({
            tenant,
            mapping,
            source: { path: location },
            sourceName: path.basename(location),
            requestedBy: context.actor,
          }),
        );
        report(context, tenant, result, options.json === true);
        return result.accepted + result.alreadyKnown === 0 && result.read > 0 ? 1 : 0;
      }),
    );
}

/** A file on disk can wait: it queues behind the imports that run, without holding a connection meanwhile. */
async function whenThereIsRoom<T>({ output }: CommandContext, work: () => Promise<T>): Promise<T> {
  for (let said = false; ;) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof NightshiftError) || error.code !== 'tooManyImports') throw error;
      if (!said) output.note(`waiting: ${error.message}`);
      said = true;
      await sleep(RETRY_MS * (1 + Math.random()));
    }
  }
}

/** A shipped name has no dot and no slash, so it cannot be taken for a file. */
async function readMapping(context: CommandContext, nameOrFile: string): Promise<ImportMapping> {
  if (/^[a-z0-9-]+$/.test(nameOrFile)) {
    return parseImportMapping(await context.services.get(MappingCatalogue).find(nameOrFile));
  }
  return parseImportMappingText(await readFile(await findFile(context, nameOrFile), 'utf8'));
}

/** A name is relative to where it was typed. */
async function findFile({ workDir }: CommandContext, file: string): Promise<string> {
  const location = path.resolve(workDir, file);
  const found = await stat(location).catch(() => undefined);
  if (found === undefined) throw new NotFoundError('file', file);
  if (!found.isFile()) throw new InvalidInputError('notAFile', `${JSON.stringify(file)} is not a file.`);
  return location;
}

/** Rejections are told once: to a person line by line, to a program in the JSON. */
function report({ output }: CommandContext, tenant: Tenant, result: ImportResult, forProgram: boolean): void {
  const { rejections, rejectedFile, ...counts } = result;
  // Where the file is kept is nobody's business; where it can be had is.
  const rejectedRows =
    rejectedFile === undefined ? null : `/v1/tenants/${tenant.slug}/imports/${result.importId}/rejected`;
  if (forProgram) return output.json({ ...counts, rejectedRows, rejections });
  for (const { row, field, message } of rejections.slice(0, SHOWN_REJECTIONS)) {
    output.note(`row ${row}${field === undefined ? '' : `, ${field}`}: ${message}`);
  }
  if (rejectedRows !== null) {
    output.note(`all ${result.rejected} rejected rows: GET ${rejectedRows} of the control plane`);
  }
  output.json({ ...counts, rejectedRows });
}
