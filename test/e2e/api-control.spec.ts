import { randomUUID } from 'node:crypto';
import { PostgresDataQualityRepository, PostgresRunRepository, type TenantDatabase } from '#libs/persistence';
import { KeyUseNotes } from '#libs/http';
import { ApiUnderTest, expectProblem } from './api-under-test.js';

let api: ApiUnderTest;

beforeAll(async () => {
  api = await ApiUnderTest.start();
});

afterAll(() => api?.stop());

describe('keys', () => {
  test('in the address or the body are not read', async () => {
    expectProblem(
      await api.app.inject({ url: `/v1/tenants/${api.ownSlug}?access_token=${api.ownToken}` }),
      401,
    );
    expectProblem(await api.ask('PUT', '/lifecycle', { payload: { access_token: api.ownToken } }), 401);
  });

  test.each(['Basic abc', 'Bearer', 'Bearer a b', '', 'Bearer \u00e9'])(
    '%j is 401',
    async (authorization) => {
      expectProblem(
        await api.app.inject({ url: `/v1/tenants/${api.ownSlug}`, headers: { authorization } }),
        401,
      );
    },
  );

  test('are created, listed without secrets and revoked for good', async () => {
    const payload = { name: 'till', scopes: ['read'] };
    const created = await api.ask('POST', '/keys', { token: api.ownToken, payload });
    expect(created.statusCode).toBe(201);
    const { keyId, token } = created.json();
    expect((await api.ask('GET', '', { token })).statusCode).toBe(200);
    const listed = await api.ask('GET', '/keys', { token: api.ownToken });
    expect(listed.json().keys).toContainEqual({
      ...{ keyId, ...payload },
      ...{ expiresAt: null, revokedAt: null, lastUsedAt: null },
    });
    expect(listed.body).not.toMatch(/sha256|ns_live_/i);
    expect((await api.ask('DELETE', `/keys/${keyId}`, { token: api.ownToken })).statusCode).toBe(204);
    expect((await api.ask('DELETE', `/keys/${keyId}`, { token: api.ownToken })).statusCode).toBe(204);
    expectProblem(await api.ask('GET', '', { token }), 401);
  });

  test('are rotated: both open for the overlap, and there are never more than two', async () => {
    const token = api.ownToken;
    const rotate = (keyId: string, payload: object = {}) =>
      api.ask('POST', `/keys/${keyId}/rotate`, { token, payload });
    const payload = { name: 'rotating', scopes: ['read'] };
    const first = (await api.ask('POST', '/keys', { token, payload })).json();
    const [one, two] = await Promise.all([rotate(first.keyId), rotate(first.keyId)]);
    expect([one.statusCode, two.statusCode].sort()).toEqual([201, 409]);
    const second = (one.statusCode === 201 ? one : two).json();
    expect(second).toMatchObject({ ...payload, expiresAt: null, token: expect.stringMatching(/^ns_live_/) });
    for (const key of [first, second])
      expect((await api.ask('GET', '', { token: key.token })).statusCode).toBe(200);
    const listed = (await api.ask('GET', '/keys', { token })).json().keys;
    const ends = Date.parse(listed.find(({ keyId }: { keyId: string }) => keyId === first.keyId).expiresAt);
    expect(Math.abs(ends - Date.now() - 86_400_000)).toBeLessThan(60_000);
    expectProblem(await rotate(second.keyId), 409, 'rotationUnderWay');
    expect((await api.ask('DELETE', `/keys/${first.keyId}`, { token })).statusCode).toBe(204);
    expectProblem(await rotate(first.keyId), 409, 'keyEnded');
    const third = await rotate(second.keyId, { overlapHours: 0 });
    expect(third.statusCode).toBe(201);
    expectProblem(await api.ask('GET', '', { token: second.token }), 401);
    expectProblem(await rotate(third.json().keyId, { overlapHours: 721 }), 400);
    expectProblem(await rotate('0000000000000000'), 404);
    expectProblem(await rotate(api.otherToken.slice(8, 24)), 404);
  });

  test('show when they were used last', async () => {
    const token = await api.tokenWith(['admin']);
    await api.ask('GET', '', { token });
    await api.app.get(KeyUseNotes).note();
    const { keys } = (await api.ask('GET', '/keys', { token })).json();
    const used = keys.find(({ keyId }: { keyId: string }) => keyId === token.slice(8, 24)).lastUsedAt;
    expect(Math.abs(Date.parse(used) - Date.now())).toBeLessThan(60_000);
  });

  test('of another tenant cannot be revoked, and nobody learns that it exists', async () => {
    const otherKeyId = api.otherToken.slice(8, 24);
    expectProblem(await api.ask('DELETE', `/keys/${otherKeyId}`, { token: api.ownToken }), 404);
    expect((await api.ask('GET', '', { token: api.otherToken, tenant: api.otherSlug })).statusCode).toBe(200);
  });
});

describe('lifecycle', () => {
  test('is changed with a name and a reason, once, and kept in history', async () => {
    const token = api.ownToken;
    const change = (state: string, reason: string) =>
      api.ask('PUT', '/lifecycle', { token, payload: { state, reason } });
    expect((await change('frozen', 'prices')).json()).toMatchObject({ state: 'frozen', changed: true });
    expect((await change('frozen', 'again')).json()).toMatchObject({ state: 'frozen', changed: false });
    expect((await api.ask('GET', '/lifecycle', { token })).json()).toMatchObject({ state: 'frozen' });
    expect((await change('on', 'prices are fine')).json()).toMatchObject({ state: 'on', changed: true });
    const { changes } = (await api.ask('GET', '/lifecycle/history', { token })).json();
    const actor = `spec (${api.ownToken.slice(8, 24)})`;
    expect(changes.slice(0, 2)).toMatchObject([
      { fromState: 'frozen', toState: 'on', reason: 'prices are fine', actor },
      { fromState: 'on', toState: 'frozen', reason: 'prices', actor },
    ]);
    const messages = await api.database.run(api.own.id, (prisma) =>
      prisma.outbox.count({ where: { topic: 'lifecycle.changed' } }),
    );
    expect(messages).toBe(changes.length);
  });

  test('two people at once: both are answered, one change is recorded', async () => {
    const payload = { state: 'frozen', reason: 'both' };
    const answers = await Promise.all(
      [1, 2, 3].map(() => api.ask('PUT', '/lifecycle', { token: api.ownToken, payload })),
    );
    expect(answers.map((answer) => answer.statusCode)).toEqual([200, 200, 200]);
    expect(answers.filter((answer) => answer.json().changed)).toHaveLength(1);
    await api.ask('PUT', '/lifecycle', { token: api.ownToken, payload: { state: 'on', reason: 'go on' } });
  });
});

describe('runs', () => {
  test('are requested once, joined afterwards, and told stage by stage', async () => {
    const token = api.ownToken;
    const first = await api.ask('POST', '/runs', { token, payload: { reason: 'new range', seed: 7 } });
    expect(first.statusCode).toBe(202);
    const run = first.json();
    expect(run).toMatchObject({
      kind: 'manual',
      status: 'queued',
      seed: 7,
      joined: false,
      reason: 'new range',
    });
    const second = await api.ask('POST', '/runs', { token });
    expect(second.statusCode).toBe(200);
    expect(second.json()).toMatchObject({ id: run.id, joined: true });
    const told = (await api.ask('GET', `/runs/${run.id}`, { token })).json();
    expect(told.stages).toHaveLength(8);
    expect(told.stages[0]).toEqual({
      ...{ stage: 'snapshot', status: 'pending', progress: 0 },
      ...{ startedAt: null, finishedAt: null, error: null, log: [] },
    });
    expect((await api.ask('GET', '/runs', { token })).json().runs).toHaveLength(1);
    expectProblem(
      await api.ask('GET', `/runs/${run.id}`, { token: api.otherToken, tenant: api.otherSlug }),
      404,
    );
  });

  test('show what their data was like, and say in words what they came to', async () => {
    const numbers = { rows: 4, customers: 2, products: 2, returns: 1, kept: 3, retention: 0.75 };
    const findings = [{ code: 'volumeCollapsed', blocking: true, message: '4 rows, where there were 9.' }];
    const token = api.ownToken;
    const { id } = (await api.ask('POST', '/runs', { token })).json();
    const runs = new PostgresRunRepository(api.database);
    const { lease } = (await runs.claim(api.own.id, id, 'spec', 60_000))!;
    expect((await api.ask('GET', `/runs/${id}`, { token })).json()).toMatchObject({
      ...{ dataQuality: null, sentence: null },
    });
    await new PostgresDataQualityRepository(api.database).save(lease, {
      ...{ passed: false, numbers: numbers as never, findings: findings as never },
    });
    await runs.finish(lease, 'dataRejected');
    expect((await api.ask('GET', `/runs/${id}`, { token })).json()).toMatchObject({
      outcome: 'dataRejected',
      sentence: expect.stringContaining('not fit to train on'),
      dataQuality: { passed: false, numbers, findings },
    });
    const empty = await api.ask('POST', '/runs', { token });
    const second = (await runs.claim(api.own.id, empty.json().id, 'spec', 60_000))!;
    await runs.finish(second.lease, 'noData');
    expect((await api.ask('GET', '/runs?limit=1', { token })).json().runs).toMatchObject([
      { outcome: 'noData', sentence: expect.stringContaining('no interaction to learn from') },
    ]);
  });

  test('that measurements started say why, with the figures', async () => {
    const figures = { newInteractions: 1_200, knownInteractions: 5_000, share: 0.24, limitShare: 0.2 };
    const runs = new PostgresRunRepository(api.database);
    const triggered = await runs.startTriggered(api.other.id, {
      ...{ night: '2026-11-21', seed: 1, templateVersion: 1, requestedBy: 'triggers' },
      ...{ trigger: 'volume', reason: '1,200 new interactions.', figures, noneSince: new Date() },
    });
    const asked = await api.ask('GET', `/runs/${triggered?.runId}`, {
      token: api.otherToken,
      tenant: api.otherSlug,
    });
    expect(asked.json()).toMatchObject({
      ...{ kind: 'triggered', trigger: 'volume', requestedBy: 'triggers', deadline: null, late: false },
      ...{ reason: '1,200 new interactions.', figures },
    });
    expectProblem(await api.ask('GET', `/runs/${triggered?.runId}`, { token: api.ownToken }), 404);
  });

  test('for past nights wait beside it, once for each night, and at most a hundred', async () => {
    const token = api.ownToken;
    const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000).toISOString().slice(0, 10);
    const ask = (days: number) => api.ask('POST', '/runs', { token, payload: { night: daysAgo(days) } });
    const first = await ask(3);
    expect([first.statusCode, first.json()]).toMatchObject([
      202,
      { kind: 'backfill', trigger: 'person', night: daysAgo(3), joined: false, deadline: null, late: false },
    ]);
    expect((await ask(3)).json()).toMatchObject({ id: first.json().id, joined: true });
    expect((await api.ask('POST', '/runs', { token })).json()).toMatchObject({
      kind: 'manual',
      joined: false,
    });
    for (let days = 4; days <= 102; days++) expect((await ask(days)).statusCode).toBe(202);
    const refused = await ask(103);
    expectProblem(refused, 429, 'tooManyRuns');
    expect(refused.headers['retry-after']).toBeDefined();
    expect((await ask(50)).json()).toMatchObject({ joined: true });
    for (const days of [-2, 0.01, 500]) expectProblem(await ask(days), 400, 'notAPastNight');
    expectProblem(
      await api.ask('POST', '/runs', { token, payload: { night: '2026-02-30' } }),
      400,
      'notAPastNight',
    );
    expect((await api.ask('GET', '/runs?late=true', { token })).json()).toEqual({ runs: [] });
    expect((await api.ask('GET', '/runs?late=maybe', { token })).statusCode).toBe(400);
  });

  test('are refused while the recommender is off', async () => {
    const token = api.otherToken;
    const tenant = api.otherSlug;
    await api.ask('PUT', '/lifecycle', { token, tenant, payload: { state: 'off', reason: 'closed' } });
    expectProblem(await api.ask('POST', '/runs', { token, tenant }), 409, 'tenantOff');
    await api.ask('PUT', '/lifecycle', { token, tenant, payload: { state: 'on', reason: 'open' } });
  });
});

describe('models', () => {
  beforeAll(() => publishVersions(api.database, api.own.id, [1, 2]));

  test('are listed with the one that serves', async () => {
    const { models } = (await api.ask('GET', '/models', { token: api.ownToken })).json();
    expect(models.map((m: { version: number; serving: boolean }) => [m.version, m.serving])).toEqual([
      [2, true],
      [1, false],
    ]);
    expect((await api.ask('GET', '/models/2', { token: api.ownToken })).json()).toMatchObject({
      version: 2,
      status: 'champion',
    });
    expect((await api.ask('GET', '', { token: api.ownToken })).json()).toMatchObject({
      tenant: api.ownSlug,
      served: { modelVersion: 2, algorithm: 'hybrid', customerLists: 10 },
    });
    expectProblem(await api.ask('GET', '/models/2', { token: api.otherToken, tenant: api.otherSlug }), 404);
  });

  test('are rolled back to, without training', async () => {
    const token = api.ownToken;
    const answer = await api.ask('POST', '/models/1/rollback', { token, payload: { reason: 'sold out' } });
    expect(answer.statusCode).toBe(200);
    expect(answer.json()).toMatchObject({ modelVersion: 1, revision: 2 });
    expect((await api.ask('GET', '/models/1', { token })).json()).toMatchObject({ serving: true });
    expectProblem(await api.ask('POST', '/models/99/rollback', { token, payload: { reason: 'x' } }), 404);
    const actor = `spec (${api.ownToken.slice(8, 24)})`;
    expect((await api.ask('GET', '/models/history', { token })).json().changes).toEqual([
      {
        ...{ changeId: expect.any(String), fromVersion: 2, toVersion: 1 },
        ...{ reason: 'sold out', actor, changedAt: expect.any(String) },
      },
    ]);
    const other = { token: api.otherToken, tenant: api.otherSlug };
    expect((await api.ask('GET', '/models/history', other)).json()).toEqual({ changes: [] });
  });

  test('have verdicts, none yet', async () => {
    expect((await api.ask('GET', '/verdicts', { token: api.ownToken })).json()).toEqual({ verdicts: [] });
  });
});

/** What nights would have left behind; the newest version serves. */
async function publishVersions(
  database: TenantDatabase,
  tenantId: number,
  versions: readonly number[],
): Promise<void> {
  await database.run(tenantId, async (prisma) => {
    let publicationId = '';
    for (const version of versions) {
      const runId = randomUUID();
      publicationId = randomUUID();
      const serves = version === versions.at(-1);
      await prisma.modelVersion.create({
        data: {
          tenantId,
          version,
          runId,
          status: serves ? 'champion' : 'retired',
          promotedAt: new Date(),
          algorithm: 'hybrid',
          seed: 1,
          recipe: { algorithm: 'hybrid', params: {} },
          metrics: {},
          watermark: new Date(),
          holdoutFrom: new Date(),
          snapshotHash: 'aa',
          codeVersion: 'test',
          trainingSeconds: 1,
          artifact: 'a',
          artifactSha256: 'bb',
        },
      });
      await prisma.publication.create({
        data: {
          tenantId,
          publicationId,
          runId,
          modelVersion: version,
          listFile: `v${version}`,
          listSha256: 'cc',
          customerLists: 10,
          fallbackLists: 1,
        },
      });
    }
    const modelVersion = versions.at(-1)!;
    await prisma.servingPointer.create({
      data: { tenantId, modelVersion, publicationId, listFile: `v${modelVersion}` },
    });
  });
}
