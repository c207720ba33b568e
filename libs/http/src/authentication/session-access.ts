import type { SignedIn } from '#libs/domain';

/** Header in which changes bring along what the session told its own page. */
export const CSRF_HEADER = 'x-csrf-token';

/** What the guard asks a process that people sign in to; others provide none, and keys are the only way in. */
export abstract class SessionAccess {
  abstract readonly cookieName: string;
  /** Undefined when nobody is signed in by this cookie. */
  abstract authenticate(token: string): Promise<SignedIn | undefined>;
}
