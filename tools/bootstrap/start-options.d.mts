export type StartOptions = { isOnce: boolean; exitCode?: undefined } | { message: string; exitCode: number };
/** What `npm start` was told, or what to say instead of starting, and the exit code of that. */
export function readStartOptions(args: readonly string[]): StartOptions;
