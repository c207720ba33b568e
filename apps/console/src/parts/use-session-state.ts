import { useEffect, useState, type Dispatch, type SetStateAction } from 'react';

/** State that is kept for this tab: a reload loses nothing, another tab knows nothing of it. */
export function useSessionState<T>(
  key: string,
  initial: T,
  isValid: (value: unknown) => value is T,
): [T, Dispatch<SetStateAction<T>>] {
  const [value, setValue] = useState<T>(() => read(key, isValid) ?? initial);
  useEffect(() => {
    try {
      sessionStorage.setItem(key, JSON.stringify(value));
    } catch {
      // A browser that keeps nothing for us: the page works, and only a reload loses something.
    }
  }, [key, value]);
  return [value, setValue];
}

function read<T>(key: string, isValid: (value: unknown) => value is T): T | undefined {
  try {
    const value: unknown = JSON.parse(sessionStorage.getItem(key) ?? 'null');
    return isValid(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Whoever signs out leaves no drafts to whoever signs in next. */
export function forgetSessionState(): void {
  try {
    for (const key of Object.keys(sessionStorage))
      if (key.startsWith('nightshift.')) sessionStorage.removeItem(key);
  } catch {
    // Nothing was kept.
  }
}
