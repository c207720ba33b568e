import http from 'node:http';
import net from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { askOver, bearer } from './ask.ts';
import type { Programs } from './address-attacks.ts';
import { findForeign } from './judge.ts';
import type { Ledger } from './ledger.ts';
import { jsonHeaders } from './fill-operation.ts';
import type { Trial } from './trial-tenant.ts';

const REVOKED_WITHIN_MS = 5_000;

/** What a program has kept from answering B must not answer A. */
export async function attackCaches(
  programs: Programs,
  addresses: { readonly api: string; readonly serving: string },
  trial: Trial,
  ledger: Ledger,
): Promise<void> {
  await conditionally(programs, trial, ledger);
  await afterB(programs, trial, ledger);
  await onOneConnection(addresses, trial, ledger);
  await pipelined(addresses.serving, trial, ledger);
  await revoked(programs, trial, ledger);
}

/** B's tags at A's addresses, and at B's. */
export async function conditionally(
  { api }: Pick<Programs, 'api'>,
  trial: Trial,
  ledger: Ledger,
): Promise<void> {
  const { a, b, canaries } = trial;
  for (const part of [
    '',
    '/runs',
    '/models',
    '/imports',
    '/exports',
    '/keys',
    '/rules',
    '/lifecycle/history',
    '/kpis',
  ]) {
    const own = await api({
      method: 'GET',
      path: `/v1/tenants/${b.slug}${part}`,
      headers: bearer(b.keys.all),
    });
    const tag = String(own.headers.etag);
    const plain = await api({
      method: 'GET',
      path: `/v1/tenants/${a.slug}${part}`,
      headers: bearer(a.keys.all),
    });
    for (const given of [tag, `W/${tag}`, '*', `"x", ${tag}`])
      for (const slug of [a.slug, b.slug]) {
        const headers = { ...bearer(a.keys.all), 'if-none-match': given };
        const answer = await api({ method: 'GET', path: `/v1/tenants/${slug}${part}`, headers });
        const findings = findForeign(answer, canaries, [b.slug, ...trial.written]);
        // Two tenants may have the same: a tag tells A what it has itself.
        const isSame = plain.headers.etag === tag;
        if (answer.status === 304 && given !== '*' && !isSame) findings.push("B's tag is taken for A's");
        if (slug === b.slug && answer.status !== 404) findings.push(`answered ${answer.status}`);
        ledger.judged('caches', `${part} of ${slug} unless ${given}`, findings);
      }
  }
}

/** B has just asked: written answers, opened files, admitted keys, remembered visits. */
async function afterB({ serving }: Programs, trial: Trial, ledger: Ledger): Promise<void> {
  const { a, b, canaries } = trial;
  for (const customer of ['shared-customer', ...b.ids.customerId])
    for (const query of ['', '?count=5', '?count=100']) {
      const path = (slug: string) => `/v1/tenants/${slug}/recommendations/${customer}${query}`;
      for (let i = 0; i < 3; i++)
        await serving({ method: 'GET', path: path(b.slug), headers: bearer(b.keys.all) });
      for (const [name, key] of Object.entries(a.keys)) {
        const foreign = await serving({ method: 'GET', path: path(b.slug), headers: bearer(key) });
        const findings = findForeign(foreign, canaries, [b.slug]);
        if (foreign.status !== 404 && foreign.status !== 401) findings.push(`answered ${foreign.status}`);
        ledger.judged('caches', `${path(b.slug)} after B, with A's key "${name}"`, findings);
      }
      const own = await serving({ method: 'GET', path: path(a.slug), headers: bearer(a.keys.read) });
      const findings = findForeign(own, canaries, [customer]);
      ledger.judged('caches', `${path(a.slug)} after B has asked for the same id`, findings);
    }
  await visits(serving, trial, ledger);
}

/** What B's customer does must not change what A's customer of the same id gets. */
async function visits(serving: Programs['serving'], trial: Trial, ledger: Ledger): Promise<void> {
  const { a, b, canaries } = trial;
  const path = (slug: string) => `/v1/tenants/${slug}/recommendations/shared-customer?count=10`;
  const items = async () =>
    (
      JSON.parse(
        (await serving({ method: 'GET', path: path(a.slug), headers: bearer(a.keys.read) })).body,
      ) as { items: unknown }
    ).items;
  const before = JSON.stringify(await items());
  const events = b.ids.productId.map((productId) => ({
    kind: 'clicked',
    customerId: 'shared-customer',
    productId,
  }));
  const foreign = a.ids.productId.map((productId) => ({
    kind: 'rejected',
    customerId: 'shared-customer',
    productId,
  }));
  const body = JSON.stringify({ events: [...events, ...foreign] });
  await serving({
    method: 'POST',
    path: `/v1/tenants/${b.slug}/outcomes`,
    headers: jsonHeaders(b.keys.all),
    body,
  });
  const after = JSON.stringify(await items());
  const findings = canaries.findIn(after);
  if (after !== before) findings.push("B's feedback has changed A's list");
  ledger.judged('caches', "a visit of B's customer of the same id", findings);
}

/** Keys take turns on one connection. */
async function onOneConnection(
  addresses: { readonly api: string; readonly serving: string },
  trial: Trial,
  ledger: Ledger,
): Promise<void> {
  const { a, b, canaries } = trial;
  for (const address of [addresses.api, addresses.serving]) {
    const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
    const ask = askOver(address, agent);
    const part = address === addresses.serving ? '/recommendations/shared-customer' : '/runs';
    const path = (slug: string) => `/v1/tenants/${slug}${part}`;
    for (let i = 0; i < 10; i++) {
      await ask({ method: 'GET', path: path(b.slug), headers: bearer(b.keys.all) });
      const own = await ask({ method: 'GET', path: path(a.slug), headers: bearer(a.keys.all) });
      const foreign = await ask({ method: 'GET', path: path(b.slug), headers: bearer(a.keys.all) });
      const nobody = await ask({ method: 'GET', path: path(b.slug) });
      const findings = [own, foreign, nobody].flatMap((answer) =>
        findForeign(answer, canaries, [b.slug, ...trial.written]),
      );
      if (own.status !== 200 || foreign.status !== 404 || nobody.status !== 401)
        findings.push(`answered ${own.status}, ${foreign.status} and ${nobody.status}`);
      ledger.judged('caches', `turns on one connection to ${part}, ${i}`, findings);
    }
    agent.destroy();
  }
}

/** A does not wait for the answer before it asks the next. */
async function pipelined(address: string, trial: Trial, ledger: Ledger): Promise<void> {
  const { a, b, canaries } = trial;
  const { hostname, port } = new URL(address);
  const line = (slug: string, key: string | undefined) =>
    `GET /v1/tenants/${slug}/recommendations/shared-customer HTTP/1.1\r\nHost: x\r\n${key === undefined ? '' : `Authorization: Bearer ${key}\r\n`}\r\n`;
  const turns = [line(a.slug, a.keys.read), line(b.slug, a.keys.read), line(b.slug, undefined)];
  for (let i = 0; i < 5; i++) {
    const socket = net.connect(Number(port), hostname);
    let text = '';
    socket.on('data', (chunk: Buffer) => (text += chunk.toString('latin1')));
    socket.write(turns.join('').repeat(4));
    await sleep(300);
    socket.destroy();
    const statuses = [...text.matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, status]) => status);
    const findings = canaries.findIn(text, [b.slug]);
    if (statuses.join() !== '200,404,401,200,404,401,200,404,401,200,404,401')
      findings.push(`answered ${statuses.join()}`);
    ledger.judged('caches', `a pipeline of 12, ${i}`, findings);
  }
}

/** A key that has ended opens nothing, however often it was let in before. */
async function revoked({ api, serving }: Programs, trial: Trial, ledger: Ledger): Promise<void> {
  const { a } = trial;
  const keys = `/v1/tenants/${a.slug}/keys`;
  for (let i = 0; i < 3; i++) {
    const body = JSON.stringify({ name: `short-lived ${i}`, scopes: ['read', 'data', 'feedback', 'admin'] });
    const made = await api({ method: 'POST', path: keys, headers: jsonHeaders(a.keys.all), body });
    const { token, keyId } = JSON.parse(made.body) as { token: string; keyId: string };
    const look = {
      method: 'GET',
      path: `/v1/tenants/${a.slug}/recommendations/shared-customer`,
      headers: bearer(token),
    };
    const warm = [await serving(look), await serving(look), await api({ ...look, path: keys })];
    await api({ method: 'DELETE', path: `${keys}/${keyId}`, headers: bearer(a.keys.all) });
    const findings: string[] = [];
    if (warm.some(({ status }) => status !== 200)) findings.push('the new key did not work at all');
    const atOnce = await api({ ...look, path: keys });
    if (atOnce.status !== 401) findings.push(`the control plane answered ${atOnce.status} at once`);
    const deadline = Date.now() + REVOKED_WITHIN_MS;
    let status = 0;
    while ((status = (await serving(look)).status) !== 401 && Date.now() < deadline) await sleep(50);
    if (status !== 401) findings.push(`the data plane answered ${status} after ${REVOKED_WITHIN_MS} ms`);
    ledger.judged('caches', `a key that has ended, ${i}`, findings);
  }
}
