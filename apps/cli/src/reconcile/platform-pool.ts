/** The pool of the platform's login. */
export const PLATFORM_POOL = Symbol('platform pool');
