import { InvalidInputError } from '../errors/nightshift-error.js';

export const SHORTEST_PASSWORD = 12;
/** What is hashed has to stay cheap to send: nobody remembers more. */
export const LONGEST_PASSWORD = 256;

/** A hash that is slow on purpose. */
export abstract class PasswordHasher {
  abstract hash(password: string): Promise<string>;
  /** With `undefined` it takes as long and says false: an unknown address is not told from a wrong password by the clock. */
  abstract matches(hash: string | undefined, password: string): Promise<boolean>;
}

/**
 * Length, and nothing that is known of the person (NIST SP 800-63B, 3.1.1.2): rules on kinds of characters make passwords
 * that are hard to remember and easy to guess.
 *
 * @throws InvalidInputError `weakPassword`
 */
export function checkPassword(
  password: string,
  known: { readonly email: string; readonly name: string },
): void {
  const problem = problemOf(password, [known.email.split('@')[0], ...known.name.split(/\s+/)]);
  if (problem === undefined) return;
  throw new InvalidInputError('weakPassword', `The password ${problem}.`, [
    { field: 'password', code: 'weakPassword', message: problem },
  ]);
}

function problemOf(password: string, ownWords: readonly string[]): string | undefined {
  const length = [...password].length;
  if (length < SHORTEST_PASSWORD) return `must have at least ${SHORTEST_PASSWORD} characters`;
  if (length > LONGEST_PASSWORD) return `must have at most ${LONGEST_PASSWORD} characters`;
  if (new Set(password).size < 5) return 'repeats the same few characters';
  let rest = password.toLowerCase();
  for (const word of ownWords.filter((each) => each.length >= 3))
    rest = rest.replaceAll(word.toLowerCase(), '');
  if ([...rest].length < SHORTEST_PASSWORD - 4) return 'is mostly your own name or address';
  return undefined;
}
