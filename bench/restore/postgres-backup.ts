// A base backup and an archive of WAL with nothing but what the server itself brings: pg_backup_start, a copy of its files,
// pg_backup_stop; and the way back to a moment.
import { execFile } from 'node:child_process';
import {
  appendFileSync,
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import pg from 'pg';
import { query } from '../platform/test-platform.ts';
import { choosePostgresPlace } from '../../tools/services/postgres-place.ts';

const run = promisify(execFile);
const ARCHIVED_DEADLINE_MS = 30_000;
const RECOVERED_DEADLINE_MS = 120_000;

export class PostgresBackup {
  private readonly walDir: string;
  private readonly baseDir: string;
  private readonly dataDir: string;
  private readonly runAs: { uid: number; gid: number } | undefined;
  private readonly adminUrl: string;

  constructor(stateDir: string, backupDir: string, adminUrl: string) {
    const place = choosePostgresPlace(stateDir);
    this.dataDir = place.dataDir;
    this.runAs = place.runAs;
    this.adminUrl = adminUrl;
    this.walDir = path.join(backupDir, 'wal');
    this.baseDir = path.join(backupDir, 'base');
    for (const folder of [backupDir, this.walDir, this.baseDir]) {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      if (this.runAs) chownSync(folder, this.runAs.uid, this.runAs.gid);
    }
  }

  /** Takes effect with the next start of the server. */
  async archiveWal(): Promise<void> {
    const command = `test ! -f "${this.walDir}/%f" && cp "%p" "${this.walDir}/%f.part" && mv "${this.walDir}/%f.part" "${this.walDir}/%f"`;
    // Before there is a database of the platform's own.
    const url = Object.assign(new URL(this.adminUrl), { pathname: '/postgres' }).toString();
    await query(url, `ALTER SYSTEM SET archive_mode = 'on'`);
    await query(url, `ALTER SYSTEM SET archive_command = '${command}'`);
  }

  /** One session from beginning to end: the server gives a backup up whose session ends. */
  async take(): Promise<void> {
    const client = new pg.Client({ connectionString: this.adminUrl });
    await client.connect();
    try {
      await client.query(`SELECT pg_backup_start('nightshift', true)`);
      // The server goes on writing: what it removes meanwhile, cp cannot copy, and recovery does not need.
      await run('cp', ['-a', `${this.dataDir}/.`, this.baseDir]).catch((error: { stderr?: string }) => {
        const others = (error.stderr ?? '').split('\n').filter((line) => !/No such file|^$/.test(line));
        if (others.length > 0) throw new Error(others.join('\n'));
      });
      const { rows } = await client.query<{ labelfile: string }>('SELECT labelfile FROM pg_backup_stop()');
      for (const name of ['postmaster.pid', 'postmaster.opts'])
        rmSync(path.join(this.baseDir, name), { force: true });
      const wal = path.join(this.baseDir, 'pg_wal');
      for (const name of readdirSync(wal)) rmSync(path.join(wal, name), { recursive: true });
      this.write(path.join(this.baseDir, 'backup_label'), rows[0].labelfile);
    } finally {
      await client.end();
    }
  }

  /** What was written until now is in the archive when this resolves; otherwise a segment goes there when it is full. */
  async untilArchived(): Promise<void> {
    const [{ name }] = await query<{ name: string }>(
      this.adminUrl,
      'SELECT pg_walfile_name(pg_switch_wal()) AS name',
    );
    const end = Date.now() + ARCHIVED_DEADLINE_MS;
    while (!existsSync(path.join(this.walDir, name))) {
      if (Date.now() > end) throw new Error(`WAL ${name} was not archived.`);
      await sleep(100);
    }
  }

  /** The server must not run. It recovers when it is started. */
  async putBack(moment: string): Promise<void> {
    rmSync(this.dataDir, { recursive: true, force: true });
    await run('cp', ['-a', this.baseDir, this.dataDir]);
    appendFileSync(
      path.join(this.dataDir, 'postgresql.auto.conf'),
      [
        `restore_command = 'cp "${this.walDir}/%f" "%p"'`,
        `recovery_target_time = '${moment}'`,
        `recovery_target_action = 'promote'`,
        '',
      ].join('\n'),
    );
    this.write(path.join(this.dataDir, 'recovery.signal'), '');
  }

  loseEverything(): void {
    rmSync(this.dataDir, { recursive: true, force: true });
  }

  async untilRecovered(): Promise<void> {
    const end = Date.now() + RECOVERED_DEADLINE_MS;
    for (;;) {
      const [{ recovering }] = await query<{ recovering: boolean }>(
        this.adminUrl,
        'SELECT pg_is_in_recovery() AS recovering',
      );
      if (!recovering) return;
      if (Date.now() > end) throw new Error('The database does not come out of recovery.');
      await sleep(200);
    }
  }

  private write(file: string, content: string): void {
    writeFileSync(file, content, { mode: 0o600 });
    if (this.runAs) chownSync(file, this.runAs.uid, this.runAs.gid);
  }
}
