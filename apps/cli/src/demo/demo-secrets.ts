import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';

/**
 * Keys of the demo's tenants, or passwords of its people. The platform keeps hashes alone, but a second start should print what
 * can be pasted: so the demo's secrets, and only these, are kept in files that nobody else may read.
 */
export class DemoSecrets {
  constructor(
    private readonly file: string,
    private readonly secrets: Record<string, string>,
  ) {}

  /** By tenant. */
  static keys = (stateDir: string): Promise<DemoSecrets> => open(stateDir, 'demo-keys.json');
  /** By e-mail address. */
  static passwords = (stateDir: string): Promise<DemoSecrets> => open(stateDir, 'demo-passwords.json');

  find(name: string): string | undefined {
    return this.secrets[name];
  }

  async keep(name: string, secret: string): Promise<void> {
    this.secrets[name] = secret;
    await mkdir(path.dirname(this.file), { recursive: true });
    // Written aside and renamed: a crash leaves the old file or the new one. The mode counts for new files only.
    const aside = `${this.file}.${process.pid}.tmp`;
    await rm(aside, { force: true });
    await writeFile(aside, `${JSON.stringify(this.secrets, null, 2)}\n`, { mode: 0o600 });
    await rename(aside, this.file);
  }
}

async function open(stateDir: string, name: string): Promise<DemoSecrets> {
  const file = path.join(stateDir, name);
  return new DemoSecrets(file, await readSecrets(file));
}

/** A lost or damaged file only means that there will be new ones. */
async function readSecrets(file: string): Promise<Record<string, string>> {
  try {
    const secrets: unknown = JSON.parse(await readFile(file, 'utf8'));
    const entries = Object.entries(secrets as object).filter(([, secret]) => typeof secret === 'string');
    return Object.fromEntries(entries) as Record<string, string>;
  } catch {
    return {};
  }
}
