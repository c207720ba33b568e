import { join, normalize, sep } from 'node:path';
import { InvalidInputError } from '#libs/domain';

/**
 * The path of a list file below its folder. Names come from the database, so they are not trusted: a name that would
 * leave the folder, or hide among the unfinished files, is refused.
 * @throws InvalidInputError `invalidListFile`
 */
export function resolveListFile(root: string, listFile: string): string {
  const parts = listFile.split('/');
  const harmless = parts.every((part) => /^[A-Za-z0-9_][A-Za-z0-9._-]*$/.test(part));
  const path = join(root, listFile);
  if (!harmless || listFile.length > 300 || !path.startsWith(normalize(root + sep))) {
    throw new InvalidInputError(
      'invalidListFile',
      `${JSON.stringify(listFile)} is not the name of a list file.`,
    );
  }
  return path;
}
