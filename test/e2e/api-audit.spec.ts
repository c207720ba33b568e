import { createHash } from 'node:crypto';
import pg from 'pg';
import { ApiUnderTest, expectProblem } from './api-under-test.js';
import { Browser, People } from './people-under-test.js';

interface Change {
  sequence: number;
  action: string;
  actor: string;
  reason: string | null;
  subject: string | null;
  detail: Record<string, unknown>;
}

let api: ApiUnderTest;
let people: People;
let admin: pg.Client;

beforeAll(async () => {
  api = await ApiUnderTest.start();
  people = new People();
  admin = new pg.Client({ connectionString: process.env.TEST_ADMIN_DATABASE_URL });
  await admin.connect();
}, 120_000);

afterAll(async () => {
  await admin?.end();
  await people?.close();
  await api?.stop();
});

const ownPath = (path: string) => `/v1/tenants/${api.ownSlug}${path}`;

async function changes(): Promise<Change[]> {
  return (await api.ask('GET', '/audit?limit=200', { token: api.ownToken })).json().entries;
}

async function verification() {
  return (await api.ask('GET', '/audit/verification', { token: api.ownToken })).json();
}

test('whatever is changed is in the trail: what, by whom and why', async () => {
  const { email, accountId } = await people.add({ tenant: api.own });
  const browser = new Browser(api);
  await browser.signIn(email);
  const actor = `Pat Person <${email}>`;
  const before = (await changes()).length;

  await browser.ask('PUT', ownPath('/lifecycle'), { state: 'frozen', reason: 'prices go live' });
  await browser.ask('PUT', ownPath('/lifecycle'), { state: 'frozen', reason: 'once more' }); // changes nothing
  await browser.ask('PUT', ownPath('/rules'), { rules: [], reason: 'begin', expectedVersion: 0 });
  const key = (await browser.ask('POST', ownPath('/keys'), { name: 'shop', scopes: ['read'] })).json();
  await browser.ask('DELETE', ownPath(`/keys/${key.keyId}`));
  await browser.ask('DELETE', ownPath(`/keys/${key.keyId}`)); // has ended already
  expect((await browser.ask('POST', ownPath('/runs'), { reason: 'new prices' })).statusCode).toBe(202);
  await browser.ask('POST', ownPath('/members/invitations'), { email: 'i@people.example', role: 'analyst' });
  await browser.ask('PUT', ownPath('/lifecycle'), { state: 'on', reason: 'done' });

  const made = (await changes()).slice(0, -before || undefined).reverse();
  expect(made.map(({ action, actor: by, reason }) => [action, by, reason])).toEqual([
    ['lifecycle.changed', actor, 'prices go live'],
    ['rules.changed', actor, 'begin'],
    ['key.created', actor, null],
    ['key.revoked', actor, null],
    ['run.requested', actor, 'new prices'],
    ['member.invited', actor, null],
    ['lifecycle.changed', actor, 'done'],
  ]);
  expect(made[0].detail).toEqual({ from: 'on', to: 'frozen' });
  expect(made[2]).toMatchObject({ subject: key.keyId, detail: { name: 'shop', scopes: ['read'] } });
  expect(JSON.stringify(made)).not.toContain(key.token);
  expect((await changes()).at(-1)).toMatchObject({ sequence: 1 });
  const joined = (await changes()).find(
    ({ action, subject }) => action === 'member.joined' && subject === accountId,
  );
  expect(joined).toMatchObject({ actor: 'the platform', detail: { role: 'admin' } });
});

test('changes that come at the same time stand one after the other', async () => {
  const before = (await verification()).entries;
  const create = (i: number) =>
    api.ask('POST', '/keys', { token: api.ownToken, payload: { name: `many ${i}`, scopes: ['read'] } });
  await Promise.all(Array.from({ length: 12 }, (_, i) => create(i)));
  expect(await verification()).toMatchObject({ entries: before + 12, intact: true, broken: null });
});

test('the export can be followed with nothing but SHA-256', async () => {
  const answer = await api.ask('GET', '/audit/export', { token: api.ownToken });
  expect(answer.headers['content-type']).toBe('application/x-ndjson; charset=utf-8');
  let previous = '0'.repeat(64);
  const lines = answer.body.trimEnd().split('\n');
  for (const line of lines) {
    const { content, previousSha256, sha256 } = JSON.parse(line) as Record<string, string>;
    expect(previousSha256).toBe(previous);
    expect(createHash('sha256').update(`${previousSha256}\n${content}`).digest('hex')).toBe(sha256);
    previous = sha256;
  }
  expect(await verification()).toMatchObject({ entries: lines.length, intact: true, sha256: previous });
});

test('pages go back to the first entry', async () => {
  const all = await changes();
  const seen: number[] = [];
  for (let before: number | undefined; seen.at(-1) !== 1; before = seen.at(-1)) {
    const query = before === undefined ? '' : `&before=${before}`;
    const page = (await api.ask('GET', `/audit?limit=3${query}`, { token: api.ownToken })).json().entries;
    expect(page.length).toBeGreaterThan(0);
    seen.push(...page.map(({ sequence }: Change) => sequence));
  }
  expect(seen).toEqual(all.map(({ sequence }) => sequence));
});

test('nobody changes an entry: not the programs, not even the owner of the table', async () => {
  const update = 'UPDATE audit_entry SET content = content WHERE tenant_id = $1';
  await expect(admin.query(update, [api.own.id])).rejects.toThrow('never changed');
  for (const login of ['TEST_DATABASE_URL', 'TEST_PLATFORM_DATABASE_URL', 'TEST_ACCOUNTS_DATABASE_URL']) {
    const client = new pg.Client({ connectionString: process.env[login] });
    await client.connect();
    try {
      await client.query("SELECT set_config('app.tenant_id', $1, false)", [String(api.own.id)]);
      for (const sql of [update, 'DELETE FROM audit_entry WHERE tenant_id = $1'])
        await expect(client.query(sql, [api.own.id])).rejects.toMatchObject({ code: '42501' });
    } finally {
      await client.end();
    }
  }
});

test('what an administrator of the database tampers with shows', async () => {
  const whole = await verification();
  const middle = Math.floor(whole.entries / 2);
  await admin.query('ALTER TABLE audit_entry DISABLE TRIGGER audit_entry_unchanged');
  const forged = `UPDATE audit_entry SET content = replace(content, 'Pat', 'Ben') || ' ' WHERE tenant_id = $1 AND sequence = $2`;
  await admin.query(forged, [api.own.id, middle]);
  await admin.query('ALTER TABLE audit_entry ENABLE TRIGGER audit_entry_unchanged');
  expect(await verification()).toMatchObject({
    entries: middle - 1,
    intact: false,
    broken: { sequence: middle, problem: 'changed' },
  });
  expect(whole.intact).toBe(true);
});

test('is nothing that another tenant sees, and analysts read it', async () => {
  const { email } = await people.add({ tenant: api.other, role: 'analyst' });
  const browser = new Browser(api);
  await browser.signIn(email);
  for (const path of ['/audit', '/audit/verification', '/audit/export']) {
    expectProblem(await browser.ask('GET', ownPath(path)), 404);
    expect((await browser.ask('GET', `/v1/tenants/${api.otherSlug}${path}`)).statusCode).toBe(200);
  }
});
