import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import type { Command } from 'commander';
import {
  ImportService,
  InvalidInputError,
  MappingCatalogue,
  NotFoundError,
  parseImportMapping,
  parseImportMappingText,
  type ImportMapping,
  type ImportResult,
} from '#libs/domain';
import { findTenant, type CommandContext } from '../command-context.js';
import { addCommand, type RunWork } from './command-runner.js';

interface ImportOptions {
  readonly tenant: string;
  readonly mapping: string;
  readonly json?: boolean;
}

const SHOWN_REJECTIONS = 10;

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
        await checkReadable(file);
        const result = await context.services.get(ImportService).import({
          tenant,
          mapping,
          source: { path: path.resolve(file) },
          sourceName: path.basename(file),
          requestedBy: context.actor,
        });
        report(context, result);
        return result.accepted + result.alreadyKnown === 0 && result.read > 0 ? 1 : 0;
      }),
    );
}

/** A shipped name has no dot and no slash, so it cannot be taken for a file. */
async function readMapping({ services }: CommandContext, nameOrFile: string): Promise<ImportMapping> {
  if (/^[a-z0-9-]+$/.test(nameOrFile)) {
    return parseImportMapping(await services.get(MappingCatalogue).find(nameOrFile));
  }
  await checkReadable(nameOrFile);
  return parseImportMappingText(await readFile(nameOrFile, 'utf8'));
}

async function checkReadable(file: string): Promise<void> {
  const found = await stat(file).catch(() => undefined);
  if (found === undefined) throw new NotFoundError('file', file);
  if (!found.isFile()) throw new InvalidInputError('notAFile', `${JSON.stringify(file)} is not a file.`);
}

function report({ output, stateDir }: CommandContext, result: ImportResult): void {
  for (const { row, field, message } of result.rejections.slice(0, SHOWN_REJECTIONS)) {
    output.note(`row ${row}${field === undefined ? '' : `, ${field}`}: ${message}`);
  }
  if (result.rejectedFile !== undefined) {
    output.note(`all ${result.rejected} rejected rows: ${path.join(stateDir, result.rejectedFile)}`);
  }
  output.json(result);
}
