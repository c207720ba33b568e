import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { NotFoundError, type MappingCatalogue } from '#libs/domain';

const NAME = /^[a-z0-9][a-z0-9-]{0,99}$/;
const SUFFIX = '.json';

/** The mappings in the project's `mappings` folder. */
export class FileMappingCatalogue implements MappingCatalogue {
  constructor(private readonly directory: string) {}

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
