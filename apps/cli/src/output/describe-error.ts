import { CommanderError } from 'commander';
import { NightshiftError } from '#libs/domain';

/** One clear line, and one more for each field: never a stack trace. */
export function describeError(error: unknown): string {
  if (error instanceof NightshiftError) {
    const fields = (error.details.fields ?? []).map(({ field, message }) => `\n  ${field}: ${message}`);
    return `error: ${oneLine(error.message)}${fields.join('')}`;
  }
  return `error: ${oneLine(error instanceof Error ? error.message : String(error))}`;
}

/** The same for programs: what `--json` prints in place of a result. */
export function errorFor(error: unknown): object {
  if (error instanceof NightshiftError) {
    const { code, message, details } = error;
    return { code, message, fields: details.fields ?? [] };
  }
  const message = oneLine(error instanceof Error ? error.message : String(error)).replace(/^error: /, '');
  return { code: error instanceof CommanderError ? 'invalidArguments' : 'unexpected', message, fields: [] };
}

function oneLine(text: string): string {
  return text.trim().replace(/\s*\n\s*/g, ' ');
}
