// Workers and a serving node that share no folder, only a bucket.
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import getPort from 'get-port';
import { createKeyToken, type ListStore } from '#libs/domain';
import { openListStore, PostgresRunRepository } from '#libs/persistence';
import { servedBy } from '../chaos/stored-truth.ts';
import type { AppProcess } from '../platform/app-process.ts';
import { FleetPlatform } from '../platform/fleet-platform.ts';
import type { SmallTenant } from '../platform/small-tenants.ts';
import { say } from '../platform/test-platform.ts';
import { until } from '../platform/until.ts';
import { filesBelow } from './files-below.ts';
import { S3Gateway } from './s3-gateway.ts';
import { checkServed, readExpected, type ExpectedLists } from './served-lists.ts';

const WORKERS = ['worker-a', 'worker-b'];

export class BucketFleet {
  readonly platform: FleetPlatform;
  readonly gateway: S3Gateway;
  private readonly keys = new Map<number, string>();
  private readonly store: ListStore;
  private serving: AppProcess | undefined;

  private constructor(platform: FleetPlatform, gateway: S3Gateway) {
    this.platform = platform;
    this.gateway = gateway;
    this.store = openListStore({ STATE_DIR: this.folderOf('looking'), ...gateway.environment });
  }

  static async start(): Promise<BucketFleet> {
    const platform = await FleetPlatform.start();
    const gateway = new S3Gateway({
      ...{ host: '127.0.0.1', port: await getPort({ host: '127.0.0.1' }) },
      folder: path.join(platform.stateDir, 'bucket'),
    });
    const fleet = new BucketFleet(platform, gateway);
    try {
      await gateway.start();
      return fleet;
    } catch (error) {
      await fleet.close();
      throw error;
    }
  }

  get hostFolders(): string[] {
    return [...WORKERS, 'serving', 'looking'].map((name) => this.folderOf(name));
  }

  get servingUrl(): string {
    if (this.serving === undefined) throw new Error('No serving node runs.');
    return this.serving.url;
  }

  keyOf({ id }: SmallTenant): string {
    return this.keys.get(id) ?? '';
  }

  async addKey({ id }: SmallTenant): Promise<void> {
    const { keyId, secretSha256, token } = createKeyToken();
    await this.platform.query(
      `INSERT INTO api_key (tenant_id, key_id, name, secret_sha256, scopes) VALUES ($1, $2, 'check', $3, '{read}')`,
      [id, keyId, secretSha256],
    );
    this.keys.set(id, token);
  }

  async startHosts(): Promise<void> {
    for (const name of WORKERS) {
      const slots = { WORKER_SLOTS: '2', WORKER_THREADS: '1' };
      const worker = await this.platform.addWorker({ ...this.environmentOf(name), ...slots });
      worker.start();
      await worker.untilReady();
    }
    await this.startServing();
  }

  /** Cold: what it serves is what it has on its disk, and what it can get. */
  async startServing(): Promise<void> {
    await this.serving?.end('SIGKILL');
    this.serving = await this.platform.addServing(this.environmentOf('serving'));
    this.serving.start();
    await this.serving.untilReady();
  }

  async requestRuns(tenants: readonly SmallTenant[]): Promise<void> {
    const runs = new PostgresRunRepository(this.platform.tenants);
    const request = { seed: 1, templateVersion: 1, requestedBy: 'check', reason: undefined };
    const night = new Date().toISOString().slice(0, 10);
    for (const { id } of tenants) await runs.requestManual(id, { night, ...request });
  }

  /** @param most of the runs that may be left */
  async untilEnded(most = 0): Promise<void> {
    await until(`no more than ${most} runs are left`, async () => {
      const [{ count }] = await this.platform.query<{ count: number }>(
        'SELECT count(*)::integer AS count FROM run WHERE active',
      );
      return count <= most;
    });
  }

  /** Every list of every tenant, asked for and compared with the bucket's. */
  async lookAtAll(tenants: readonly SmallTenant[], when: string) {
    await this.untilPulled();
    const served = new Map((await servedBy(this.platform)).map((row) => [row.tenant_id, row]));
    const expected = new Map<number, ExpectedLists>();
    for (const tenant of tenants) {
      const row = served.get(tenant.id);
      if (row !== undefined) expected.set(tenant.id, await readExpected(this.store, tenant, row));
    }
    const files = new Map([...served].map(([id, row]) => [id, row.list_file]));
    return { expected, files, ...(await this.compare(tenants, expected, when)) };
  }

  async compare(
    tenants: readonly SmallTenant[],
    expected: ReadonlyMap<number, ExpectedLists>,
    when: string,
  ): Promise<{ right: number; wrong: number }> {
    const sum = { right: 0, wrong: 0 };
    for (const tenant of tenants) {
      const lists = expected.get(tenant.id) ?? { modelVersion: -1, lists: new Map() };
      const { right, wrong, first } = await checkServed(this.servingUrl, tenant, this.keyOf(tenant), lists);
      sum.right += right;
      sum.wrong += wrong;
      if (first !== undefined) say(`${when}: ${first}`);
    }
    say(`${when}: ${sum.right} lists as in the bucket, ${sum.wrong} wrong`);
    return sum;
  }

  async close(): Promise<void> {
    await this.serving?.end('SIGKILL');
    await this.gateway.end('SIGKILL');
    await this.platform.close();
  }

  /** The node has the newest state, and the list of every pointer in it on its own disk. */
  private async untilPulled(): Promise<void> {
    const wanted = await servedBy(this.platform);
    const lists = path.join(this.folderOf('serving'), 'lists');
    await until('the node has pulled every list', () => {
      const here = new Set(filesBelow(lists));
      return Promise.resolve(wanted.every(({ list_file }) => here.has(path.join(lists, list_file))));
    });
    // The file is there before the node has gone over to it.
    await sleep(1_500);
  }

  private folderOf(name: string): string {
    return path.join(this.platform.stateDir, name);
  }

  /** A host of its own, as far as files go. */
  private environmentOf(name: string): Record<string, string> {
    mkdirSync(this.folderOf(name), { recursive: true });
    return { STATE_DIR: this.folderOf(name), POLL_MS: '200', ...this.gateway.environment };
  }
}
