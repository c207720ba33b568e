import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readlinkSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { recordMatchesLock } from './install.mjs';
import { acquire, withLock } from './lock.mjs';
import { hydrateSymlinks } from './postgres-symlinks.mjs';
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
  it('is released after a failure', async () => {
    const file = path.join(dir, 'lock');
    const failing = async () => {
      throw new Error('no');
    };
    await expect(withLock(failing, file)).rejects.toThrow('no');
    expect(existsSync(file)).toBe(false);
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
