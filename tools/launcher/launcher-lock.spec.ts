import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { launcherLockOf } from './launcher-lock.ts';
import { recordFileOf } from './launcher-record.ts';

describe('the lock of the launcher', () => {
  let dir: string;
  const launchers: ChildProcess[] = [];
  beforeEach(() => (dir = mkdtempSync(path.join(os.tmpdir(), 'nightshift-launcher-'))));
  afterEach(() => {
    for (const launcher of launchers.splice(0)) launcher.kill('SIGKILL');
    rmSync(dir, { recursive: true, force: true });
  });

  /** A stand-in that takes the lock: what it was answered. */
  async function launch(): Promise<{ launcher: ChildProcess; said: string }> {
    const script = `
      const { holdLauncherLock } = await import(${JSON.stringify(path.resolve('tools/launcher/launcher-lock.ts'))});
      console.log(holdLauncherLock(${JSON.stringify(dir)}) ?? 'mine');
      setInterval(() => {}, 1000);
      process.on('SIGTERM', () => process.exit());`;
    const launcher = spawn(process.execPath, ['--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    launchers.push(launcher);
    return { launcher, said: String((await once(launcher.stdout!, 'data'))[0]).trim() };
  }

  it('goes to one of several that start at once, also after a hard kill', async () => {
    const { launcher: killed, said } = await launch();
    expect(said).toBe('mine');
    killed.kill('SIGKILL');
    await once(killed, 'exit');
    const all = await Promise.all([launch(), launch(), launch()]);
    const holders = all.filter((one) => one.said === 'mine');
    expect(holders).toHaveLength(1);
    const { launcher: holder } = holders[0]!;
    expect(all.filter((one) => one.said === String(holder.pid))).toHaveLength(2);
    holder.kill('SIGTERM');
    await once(holder, 'exit');
    expect(existsSync(launcherLockOf(dir))).toBe(false);
  });

  it('keeps npm start from touching what another one is just starting', async () => {
    const { launcher: holder } = await launch();
    const second = spawn(process.execPath, ['tools/launcher/main.ts', '--once'], {
      // Nothing to find there, should it go on after all.
      env: { PATH: process.env.PATH, STATE_DIR: dir, DATABASE_URL: 'postgresql://nobody@127.0.0.1:1/x' },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    launchers.push(second);
    const said = second.stderr.setEncoding('utf8').toArray();
    const [code] = (await once(second, 'exit')) as [number];
    expect({ code, said: (await said).join('') }).toEqual({
      code: 1,
      said: expect.stringContaining(`already runs here (process ${holder.pid})`),
    });
    expect(existsSync(recordFileOf(dir))).toBe(false);
  });
});
