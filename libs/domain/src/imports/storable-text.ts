/**
 * Paths of the texts in a JSON value that PostgreSQL cannot store: those with a NUL character or half of a surrogate pair.
 * Walks with a stack of its own, since a value may be nested deeper than the call stack.
 */
export function unstorablePaths(value: unknown): string[] {
  const paths: string[] = [];
  const open: [path: string, value: unknown][] = [['', value]];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const [path, current] = next;
    if (typeof current === 'string' && !isStorable(current)) paths.push(path);
    if (typeof current !== 'object' || current === null) continue;
    for (const [name, inner] of Object.entries(current)) {
      if (!isStorable(name)) paths.push(path === '' ? '(mapping)' : path);
      open.push([path === '' ? name : `${path}.${name}`, inner]);
    }
  }
  return paths;
}

function isStorable(text: string): boolean {
  return text.isWellFormed() && !text.includes('\0');
}
