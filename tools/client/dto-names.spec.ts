import { globSync, readFileSync } from 'node:fs';

/** Names of the classes that describe bodies, as often as they are declared. */
function namesIn(app: string): string[] {
  return globSync(`apps/${app}/src/**/*.ts`).flatMap((file) =>
    Array.from(readFileSync(file, 'utf8').matchAll(/^export class (\w+Dto)\b/gm), ([, name]) => name),
  );
}

// Two of one name are one schema in the description, and the other's answers break it.
it.each(['api', 'serving'])('no two classes of apps/%s describe a body under the same name', (app) => {
  const names = namesIn(app);
  expect(names.length).toBeGreaterThan(10);
  expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
});
