import { InvalidInputError } from '#libs/domain';

/** What files call a number, too: no 0x10. */
const DECIMAL = /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i;

/**
 * `factors=64,regularisation=0.01` as an object; a dot in a name goes one level down (`parts.ials.factors=64`). Numbers
 * become numbers, anything else stays text.
 * @throws InvalidInputError invalidParams
 */
export function parseParams(text: string): Record<string, unknown> {
  const params: Record<string, unknown> = {};
  for (const part of text.split(',').filter((one) => one.trim() !== '')) {
    const [, name, value] = /^\s*([^=\s]+)\s*=\s*(.*?)\s*$/.exec(part) ?? [];
    if (name === undefined || value === '') throw refusal(part.trim(), 'is not of the form name=value');
    const path = name.split('.');
    if (path.includes('__proto__')) throw refusal(name, 'is no parameter');
    const last = path.pop() ?? '';
    let level = params;
    for (const step of path) {
      const next = Object.hasOwn(level, step) ? level[step] : (level[step] = {});
      if (typeof next !== 'object' || next === null) throw refusal(name, `${step} has a value already`);
      level = next as Record<string, unknown>;
    }
    if (Object.hasOwn(level, last)) throw refusal(name, 'comes twice');
    level[last] = DECIMAL.test(value) && Number.isFinite(Number(value)) ? Number(value) : value;
  }
  return params;
}

function refusal(field: string, message: string): InvalidInputError {
  return new InvalidInputError('invalidParams', 'The parameters cannot be read.', [
    { field, code: 'malformed', message },
  ]);
}
