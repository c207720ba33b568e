import { InvalidInputError } from '#libs/domain';

/** The deepest body that any route takes is a batch of flat rows; a few levels leave room for what clients add. */
const MAXIMUM_DEPTH = 8;
/** Several times what any object of the API has. */
const MAXIMUM_KEYS = 100;

/**
 * Refuses what the validation must not see: it walks bodies recursively, so that brackets fill the stack, takes longer than
 * linear for unknown fields, and a stream that it would copy ends the process.
 */
export function checkShape(value: unknown): void {
  if (isContainer(value) && !isPlain(value)) {
    throw new InvalidInputError('malformedRequest', 'The body is not a JSON object.');
  }
  if (isDeeperThan(value, MAXIMUM_DEPTH)) {
    throw new InvalidInputError(
      'tooDeep',
      `The request has more than ${MAXIMUM_DEPTH} levels of objects and lists.`,
    );
  }
}

/** Exported for tests. Level by level, without recursion. */
export function isDeeperThan(value: unknown, maximumDepth: number): boolean {
  let level: unknown[] = [value];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > maximumDepth) return true;
    level = level.flatMap(childrenOf).filter(isContainer);
  }
  return false;
}

function childrenOf(value: unknown): unknown[] {
  if (!isContainer(value)) return [];
  const children: unknown[] = Object.values(value);
  if (!Array.isArray(value) && children.length > MAXIMUM_KEYS) {
    throw new InvalidInputError('tooManyFields', `An object has more than ${MAXIMUM_KEYS} fields.`);
  }
  return children;
}

const isContainer = (value: unknown): value is object => value !== null && typeof value === 'object';

/** What JSON and query strings give: lists, and objects without a class of their own. */
function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  // Parsers of query strings make objects from classes that only stand for "no prototype".
  return Array.isArray(value) || prototype === null || prototype === Object.prototype || isBare(prototype);
}

function isBare(prototype: unknown): boolean {
  return Object.getPrototypeOf(prototype) === null && Object.getOwnPropertyNames(prototype).length === 0;
}
