// How .dependency-cruiser.js finds modules: `#libs/<name>` is the lib's source, not its build, which may be old or absent.
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';

const libs = path.join(import.meta.dirname, 'libs');
const indexOf = (name) => path.join(libs, name, 'src/index.ts');

export default {
  resolve: {
    alias: Object.fromEntries(
      readdirSync(libs)
        .filter((name) => existsSync(indexOf(name)))
        .map((name) => [`#libs/${name}$`, indexOf(name)]),
    ),
    extensionAlias: { '.js': ['.ts', '.tsx', '.js'] },
  },
};
