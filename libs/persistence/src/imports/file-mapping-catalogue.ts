import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { NotFoundError, type MappingCatalogue } from '#libs/domain';

const NAME = /^[a-z0-9][a-z0-9-]{0,99}$/;
const SUFFIX = '.json';

/** The project's `mappings` folder, wherever this file was compiled to. */
export function shippedMappingsDirectory(): string {
  let directory = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(directory, 'mappings', 'mapping.schema.json'))) {
    const parent = dirname(directory);
    if (parent === directory) throw new Error('The mappings folder of the project cannot be found.');
    directory = parent;
  }
  return join(directory, 'mappings');
}

/** The mappings in the project's `mappings` folder. */
export class FileMappingCatalogue implements MappingCatalogue {
  constructor(private readonly directory: string = shippedMappingsDirectory()) {}

  async names(): Promise<readonly string[]> {
    const files = await readdir(this.directory);
    const names = files.filter((file) => file.endsWith(SUFFIX)).map((file) => file.slice(0, -SUFFIX.length));
    return names.filter((name) => NAME.test(name)).sort();
  }

  /** The name comes from an address: it may name a file of the folder and nothing else. */
  async find(name: string): Promise<unknown> {
    if (!NAME.test(name)) throw new NotFoundError('mapping', name.slice(0, 100));
    try {
      return JSON.parse(await readFile(join(this.directory, name + SUFFIX), 'utf8')) as unknown;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') throw new NotFoundError('mapping', name);
      throw error;
    }
  }
}
