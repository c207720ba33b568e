/** Takes the lock or answers the content of the one in the way: its holder's process id comes first. */
export function acquire(file: string): string | undefined;
