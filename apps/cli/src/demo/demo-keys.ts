import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';

/**
 * Tokens of the demo tenants' keys. The platform keeps hashes alone, but a second start should print a line that can be
 * pasted: so the demo's tokens, and only these, are kept in a file that nobody else may read.
 */
export class DemoKeys {
  private constructor(
    private readonly file: string,
    private readonly tokens: Record<string, string>,
  ) {}

  static async open(stateDir: string): Promise<DemoKeys> {
    const file = path.join(stateDir, 'demo-keys.json');
    return new DemoKeys(file, await readTokens(file));
  }

  find(slug: string): string | undefined {
    return this.tokens[slug];
  }

  async keep(slug: string, token: string): Promise<void> {
    this.tokens[slug] = token;
    await mkdir(path.dirname(this.file), { recursive: true });
    // Written aside and renamed: a crash leaves the old file or the new one. The mode counts for new files only.
    const aside = `${this.file}.${process.pid}.tmp`;
    await rm(aside, { force: true });
    await writeFile(aside, `${JSON.stringify(this.tokens, null, 2)}\n`, { mode: 0o600 });
    await rename(aside, this.file);
  }
}

/** A lost or damaged file only means that the tenants get new keys. */
async function readTokens(file: string): Promise<Record<string, string>> {
  try {
    const tokens: unknown = JSON.parse(await readFile(file, 'utf8'));
    const entries = Object.entries(tokens as object).filter(([, token]) => typeof token === 'string');
    return Object.fromEntries(entries) as Record<string, string>;
  } catch {
    return {};
  }
}
