import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { json, nightshift } from './run-nightshift.js';

// Tenants are named by their number: the fleet is shared with nobody because no other test simulates one.
const FLEET = ['simulate', '--tenants', '2', '--profile', 'grocer', '--seed', '5'];

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'nightshift-simulate-'));
  process.env.DATABASE_URL = process.env.TEST_DATABASE_URL;
  process.env.PLATFORM_DATABASE_URL = process.env.TEST_PLATFORM_DATABASE_URL;
  process.env.STATE_DIR = folder;
});

afterAll(() => rm(folder, { recursive: true, force: true }));

describe('nightshift simulate', () => {
  test('says beforehand what a fleet takes, fills it once, and lets it live on', async () => {
    const { forecast } = await json(...FLEET, '--dry-run');
    expect(forecast).toMatchObject({ tenants: 2 });
    expect(forecast.bytes).toBeGreaterThan(170 * forecast.interactions);

    const first = await json(...FLEET, '--until', '2026-10-01');
    expect(first).toMatchObject({ tenants: 2, loaded: 2 });
    expect(first.interactions / forecast.interactions).toBeGreaterThan(0.7);
    expect(first.interactions / forecast.interactions).toBeLessThan(1.3);

    const again = await json(...FLEET, '--until', '2026-10-01');
    expect(again).toMatchObject({ tenants: 2, loaded: 0, interactions: 0 });

    const later = await json(...FLEET, '--days', '20');
    expect(later.interactions).toBeGreaterThan(0);
    expect(later.interactions).toBeLessThan(first.interactions / 4);
  });

  test('never lives on into days that are not over', async () => {
    const { code, stderr } = await nightshift(...FLEET, '--days', '366');
    expect(code).toBe(1);
    expect(stderr).toContain('366 more days are not over yet');
  });
});
