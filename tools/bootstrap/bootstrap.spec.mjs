import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { recordMatchesLock } from './install.mjs';
import { acquire, withLock } from './lock.mjs';
import { hydrateSymlinks } from './postgres-symlinks.mjs';
import { readStartOptions } from './start-options.mjs';
import { fingerprint } from './steps.mjs';

let dir;
beforeEach(() => {
  dir = mkdtempSync(path.join(os.tmpdir(), 'nightshift-bootstrap-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

describe('recordMatchesLock', () => {
  const lock = {
    packages: {
      '': { name: 'nightshift' },
      'node_modules/a': { version: '1.0.0', integrity: 'x' },
      'node_modules/for-windows': { version: '2.0.0', optional: true },
    },
  };
  it('accepts an installation without the packages of other platforms', () => {
    expect(
      recordMatchesLock(lock, { packages: { 'node_modules/a': { version: '1.0.0', integrity: 'x' } } }),
    ).toBe(true);
  });
  it.each([
    ['a half-finished installation, which has no record', undefined],
    ['an older version', { packages: { 'node_modules/a': { version: '0.9.0', integrity: 'x' } } }],
    ['a missing package', { packages: {} }],
  ])('refuses %s', (_name, record) => {
    expect(recordMatchesLock(lock, record)).toBe(false);
  });
});

describe('the lock', () => {
  it('is held while its process lives', () => {
    const file = path.join(dir, 'lock');
    expect(acquire(file)).toBeUndefined();
    expect(acquire(file)).toContain(String(process.pid));
  });
  it.each([
    ['of a process that is gone', '999999999 1\n'],
    ['of an earlier process with the same id', `${process.pid} 1\n`],
    ['that is damaged', ''],
  ])('%s is taken over', (_name, content) => {
    const file = path.join(dir, 'lock');
    writeFileSync(file, content);
    expect(acquire(file)).toBeUndefined();
    expect(readFileSync(file, 'utf8')).toContain(String(process.pid));
  });
  it('that is stale goes to one alone, however many want it', async () => {
    const rounds = 100;
    const files = Array.from({ length: rounds }, (_, round) => path.join(dir, `lock-${round}`));
    for (const file of files) writeFileSync(file, '999999999 1\n');
    const script = `
      const { acquire } = await import(${JSON.stringify(path.resolve('tools/bootstrap/lock.mjs'))});
      const won = [];
      process.stdin.once('data', () => {
        for (let round = 0; round < ${rounds}; round++)
          if (acquire(${JSON.stringify(path.join(dir, 'lock-'))} + round) === undefined) won.push(round);
        console.log(JSON.stringify(won));
      });
      process.stdin.once('end', () => process.exit());
      console.log('ready');`;
    const contenders = Array.from({ length: 4 }, () =>
      spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['pipe', 'pipe', 'inherit'] }),
    );
    try {
      const say = async (child) => String((await once(child.stdout, 'data'))[0]);
      await Promise.all(contenders.map(say));
      // Nobody ends before all are done: what a dead one holds is anybody's.
      const answers = contenders.map(say);
      for (const child of contenders) child.stdin.write('go');
      const won = (await Promise.all(answers)).flatMap((text) => JSON.parse(text));
      expect(won.sort((a, b) => a - b)).toEqual(files.map((_, round) => round));
    } finally {
      for (const child of contenders) child.kill('SIGKILL');
    }
  });
  it('is released after a failure', async () => {
    const file = path.join(dir, 'lock');
    const failing = async () => {
      throw new Error('no');
    };
    await expect(withLock(failing, file)).rejects.toThrow('no');
    expect(existsSync(file)).toBe(false);
  });
});

describe('the options of npm start', () => {
  it('are --once and nothing else', () => {
    expect(readStartOptions([])).toEqual({ isOnce: false });
    expect(readStartOptions(['--once'])).toEqual({ isOnce: true });
  });
  it.each([[['--onse']], [['--once', 'green-grocer']], [['-x']]])('refuses %j by name', (args) => {
    const { message, exitCode } = readStartOptions(args);
    expect(exitCode).toBe(2);
    expect(message).toContain(JSON.stringify(args.at(-1)));
  });
  it.each(['start --help', 'start --onse'])('"%s" neither installs nor starts anything', async (line) => {
    const child = spawn(process.execPath, ['tools/bootstrap.mjs', ...line.split(' ')], {
      env: { ...process.env, STATE_DIR: dir },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const [out, err] = [child.stdout, child.stderr].map((stream) => stream.setEncoding('utf8').toArray());
    const [code] = await once(child, 'exit');
    const said = { out: (await out).join(''), err: (await err).join('') };
    const isHelp = line.endsWith('--help');
    expect(code).toBe(isHelp ? 0 : 2);
    expect(isHelp ? said.out : said.err).toContain(isHelp ? 'usage: npm start' : '"--onse"');
    expect(existsSync(path.join(dir, 'launcher.json'))).toBe(false);
  });
});

describe('fingerprint', () => {
  it('changes with the content, the time and the set of files, and with nothing else', () => {
    mkdirSync(path.join(dir, 'src/dist'), { recursive: true });
    const file = path.join(dir, 'src/a.ts');
    writeFileSync(file, 'one');
    utimesSync(file, 1000, 1000);
    const first = fingerprint(dir, ['src', 'missing']);
    writeFileSync(path.join(dir, 'src/dist/out.ts'), '');
    writeFileSync(path.join(dir, 'src/notes.md'), '');
    expect(fingerprint(dir, ['src', 'missing'])).toBe(first);
    utimesSync(file, 2000, 2000);
    const touched = fingerprint(dir, ['src']);
    expect(touched).not.toBe(first);
    writeFileSync(path.join(dir, 'src/b.ts'), '');
    const added = fingerprint(dir, ['src']);
    rmSync(file);
    expect(new Set([first, touched, added, fingerprint(dir, ['src'])]).size).toBe(4);
  });
});

describe('hydrateSymlinks', () => {
  it('makes the links that an install script would have made, once', () => {
    mkdirSync(path.join(dir, 'native/lib'), { recursive: true });
    writeFileSync(path.join(dir, 'native/lib/libx.so.1'), '');
    const links = [{ source: 'native/lib/libx.so.1', target: 'native/lib/libx.so' }];
    writeFileSync(path.join(dir, 'native/pg-symlinks.json'), JSON.stringify(links));
    expect(hydrateSymlinks(dir)).toBe(1);
    expect(hydrateSymlinks(dir)).toBe(0);
    expect(readlinkSync(path.join(dir, 'native/lib/libx.so'))).toBe('libx.so.1');
  });
});

describe('the folder in which a command was typed', () => {
  const script = `(await import(${JSON.stringify(path.resolve('tools/bootstrap/run.mjs'))})).enterProject();
    console.log(JSON.stringify([process.cwd(), process.env.INIT_CWD]));`;
  it.each([
    ['by npm', '/somewhere/else'],
    ['by nobody but is the present one', undefined],
  ])('is named %s', (_name, INIT_CWD) => {
    const env = { ...process.env, INIT_CWD };
    const said = execFileSync(process.execPath, ['--input-type=module', '-e', script], { cwd: dir, env });
    expect(JSON.parse(said)).toEqual([path.resolve('.'), INIT_CWD ?? realpathSync(dir)]);
  });
});
