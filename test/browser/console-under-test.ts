import path from 'node:path';
import {
  chromium,
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  type Page,
} from 'playwright-core';
import { provideChromium } from '../../tools/browser/provide-chromium.ts';
import { runCliForJson } from '../../tools/launcher/demo.ts';
import { Platform, ROOT } from '../../tools/launcher/platform.ts';
import { provisionDatabase } from '../../tools/provision.ts';
import { choosePort } from '../../tools/services/ports.ts';
import { createTestStateDir } from '../setup/test-state-dir.ts';

export interface Person {
  readonly email: string;
  readonly password: string;
}

interface Opened {
  readonly context: BrowserContext;
  readonly page: Page;
}

const CACHE = path.join(ROOT, '.nightshift');
/** What somebody would wait for at most; the machine may be busy. */
const PATIENCE_MS = 60_000;

/** The whole platform as `npm start` runs it, in a folder of its own, and a browser in front of it. */
export class ConsoleUnderTest {
  /** What a browser complained about: refused by the content policy, failed, or thrown. */
  readonly complaints: string[] = [];

  private constructor(
    private readonly platform: Platform,
    /** Behind the platform's back: for rows that nobody could make in time. */
    readonly adminDatabaseUrl: string,
    private readonly browser: Browser,
    private readonly remove: () => void,
  ) {}

  static async start(environment: Record<string, string> = {}): Promise<ConsoleUnderTest> {
    const { file, env } = await provideChromium(path.join(CACHE, 'chromium'), { report: say });
    const state = createTestStateDir();
    let adminDatabaseUrl = '';
    const platform = new Platform({
      stateDir: state.dir,
      redisProgramDir: path.join(CACHE, 'redis-server'),
      report: () => undefined,
      provision: (url, options) => {
        adminDatabaseUrl = url;
        return provisionDatabase(url, options);
      },
      // Servers of its own even where the caller has some: nothing of a test may stay there.
      env: { ...process.env, DATABASE_URL: '', REDIS_URL: '', ...(await freePorts()), ...environment },
    });
    // Jest was interrupted: its process goes, and takes these along.
    process.once('exit', () => {
      for (const { identity } of platform.record.children) killQuietly(identity.pid);
    });
    try {
      await platform.start();
      const browser = await chromium.launch({
        executablePath: file,
        env: { ...process.env, ...env } as Record<string, string>,
        args: ['--no-sandbox', '--disable-dev-shm-usage', '--hide-scrollbars'],
      });
      return new ConsoleUnderTest(platform, adminDatabaseUrl, browser, state.remove);
    } catch (error) {
      await platform.stop();
      state.remove();
      throw error;
    }
  }

  get address(): string {
    return this.platform.record.addresses.api!;
  }

  get servingAddress(): string {
    return this.platform.record.addresses.serving!;
  }

  /** A `nightshift` command; answers the JSON of its last line. */
  cli<T>(...args: string[]): Promise<T> {
    const env = { ...process.env, ...this.platform.environment };
    return runCliForJson<T>([...args, '--json'], { env, cwd: ROOT });
  }

  async createPerson(email: string, name: string, ...options: string[]): Promise<Person> {
    const { password } = await this.cli<Person>('account', 'create', email, '--name', name, ...options);
    return { email, password };
  }

  /** A browser of somebody's own: cookies and storage are shared with nobody. */
  async open(options: Pick<BrowserContextOptions, 'storageState'> = {}): Promise<Opened> {
    const context = await this.browser.newContext({
      ...options,
      ...{ baseURL: this.address, viewport: { width: 1440, height: 900 }, locale: 'en-GB' },
      ...{ reducedMotion: 'reduce', timezoneId: 'America/New_York' },
    });
    await context.grantPermissions(['clipboard-read', 'clipboard-write']);
    context.setDefaultTimeout(PATIENCE_MS);
    const page = await context.newPage();
    page.on('pageerror', (error) => this.complaints.push(String(error)));
    page.on('console', (message) => {
      // An answer that is no success is shown by the page, and none of the browser's business.
      if (message.type() === 'error' && !/Failed to load resource/.test(message.text()))
        this.complaints.push(message.text());
    });
    return { context, page };
  }

  async stop(): Promise<void> {
    try {
      await this.browser.close();
    } finally {
      await this.platform.stop();
      this.remove();
    }
  }
}

export async function signIn(page: Page, { email, password }: Person): Promise<void> {
  await page.goto('/');
  await page.getByLabel('Email').fill(email);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.waitForURL((url) => url.pathname.startsWith('/tenants') || url.pathname.startsWith('/operator'));
}

async function freePorts(): Promise<Record<string, string>> {
  const ports: Record<string, string> = {};
  for (const name of ['API_PORT', 'SERVING_PORT', 'WORKER_PORT'])
    ports[name] = String(await choosePort([20_000 + Math.floor(Math.random() * 20_000)]));
  return ports;
}

function killQuietly(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // Gone already.
  }
}

function say(message: string): void {
  process.stderr.write(`${message}\n`);
}
