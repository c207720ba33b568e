import { NightshiftError } from '#libs/domain';

/** One clear line, and one more for each field: never a stack trace. */
export function describeError(error: unknown): string {
  if (error instanceof NightshiftError) {
    const fields = (error.details.fields ?? []).map(({ field, message }) => `\n  ${field}: ${message}`);
    return `error: ${oneLine(error.message)}${fields.join('')}`;
  }
  return `error: ${oneLine(error instanceof Error ? error.message : String(error))}`;
}

function oneLine(text: string): string {
  return text.trim().replace(/\s*\n\s*/g, ' ');
}
