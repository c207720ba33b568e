import { NightshiftError } from '#libs/domain';

/** The file is there but is not what a writer finished. */
export class ListFileCorruptError extends NightshiftError {
  constructor(listFile: string, what: string, cause?: unknown) {
    super('internal', 'listFileCorrupt', `List file ${listFile} cannot be used: ${what}.`, { cause });
  }
}

export class ListFileMissingError extends NightshiftError {
  constructor(listFile: string) {
    super('not-found', 'listFileMissing', `There is no list file ${listFile}.`);
  }
}
