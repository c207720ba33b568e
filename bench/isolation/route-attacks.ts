import { operationsOf, valueFor, type ApiDocument, type Operation } from './api-document.ts';
import { setTimeout as sleep } from 'node:timers/promises';
import { isSession, type Answer, type Ask, type Question } from './ask.ts';
import { findDifference, findForeign } from './judge.ts';
import type { Ledger, Surface } from './ledger.ts';
import { fillOperation, firstOf, idsFor, inventedIds, jsonHeaders, type Filled } from './fill-operation.ts';
import { neverGiven, type IdsOfTenant, type Trial } from './trial-tenant.ts';

const SAFE_METHODS = ['GET', 'HEAD', 'OPTIONS'];
/** Ends the session that asks: what that does is tried elsewhere, with one that nobody needs. */
const ENDS_SESSION = 'DELETE /v1/session';
const CHOSEN_BY_TENANTS = ['customerId', 'productId', 'eventId', 'recommendationId', 'email'] as const;
/** A is told to wait a moment where it asks too fast; an answer about a limit is none about B. */
const MOST_WAITS = 8;

/** Below this address operators see every tenant's name and state, and nobody else anything. */
const FLEET = '/v1/fleet/';

const isOfTenant = ({ path }: Operation): boolean => path.includes('{tenant}') && !path.startsWith(FLEET);

/** Every operation of a program, tried with everything that tenant A has and everything that tenant B has given out. */
export class RouteAttacks {
  private readonly document: ApiDocument;
  private readonly program: Ask;
  private readonly trial: Trial;
  private readonly ledger: Ledger;

  constructor(document: ApiDocument, ask: Ask, trial: Trial, ledger: Ledger) {
    this.document = document;
    this.program = ask;
    this.trial = trial;
    this.ledger = ledger;
  }

  async run(filter: (operation: Operation) => boolean = () => true): Promise<number> {
    const operations = operationsOf(this.document).filter(filter);
    for (const operation of operations) {
      await this.foreignAddress(operation);
      await this.forgedForm(operation);
      await this.bySession(operation);
      await this.foreignIds(operation);
      await this.foreignParameters(operation);
      await this.foreignHeaders(operation);
      await this.foreignBody(operation);
      for (const change of await this.trial.changesOfB())
        this.ledger.found('routes', `${operation.method} ${operation.path}`, change);
    }
    return operations.length;
  }

  /** B's address with each of A's credentials: as if there were no such tenant. */
  private async foreignAddress(operation: Operation): Promise<void> {
    const { a, b } = this.trial;
    if (!isOfTenant(operation)) return;
    const invented = neverGiven(b.slug);
    for (const [name, key] of Object.entries(a.keys)) {
      const at = (slug: string) => fillOperation(this.document, operation, slug, b.ids, key);
      const [one, other] = [at(b.slug), at(invented)];
      const existing = await this.ask(one.question);
      const findings = findDifference({
        existing,
        invented: await this.ask(other.question),
        ...{ existingIds: [b.slug], inventedIds: [invented] },
      });
      // What comes without the session's token is refused before anybody looks where it goes.
      const isRefused = [400, 401, 404].includes(existing.status) || isForgery(existing);
      if (!isRefused) findings.push(`answered ${existing.status} at another tenant's address`);
      const surface = isSession(key) ? 'sessions' : 'routes';
      this.judge(surface, operation, `B's address with A's "${name}"`, existing, one, findings);
    }
  }

  /** A page of A's that a browser of B's admin sends off: the cookie comes along, the session's token does not. */
  private async forgedForm(operation: Operation): Promise<void> {
    const { a, b } = this.trial;
    const victim = b.keys['session: admin'];
    if (victim === undefined || !isOfTenant(operation)) return;
    if (SAFE_METHODS.includes(operation.method)) return;
    const tokens = {
      none: '',
      guessed: 'A'.repeat(43),
      "A's": a.keys['session: admin'].split(' ').at(-1) ?? '',
    };
    for (const [name, token] of Object.entries(tokens)) {
      const asked = fillOperation(this.document, operation, b.slug, b.ids, victim.replace(/[^ ]+$/, token));
      const answer = await this.ask(asked.question);
      const findings =
        answer.status === 401 || isForgery(answer) ? [] : [`answered ${answer.status} to a forged form`];
      this.judge('sessions', operation, `a forged form with the token ${name}`, answer, asked, findings);
    }
  }

  /** Addresses of no tenant's, with each of A's living sessions and what B has given out. */
  private async bySession(operation: Operation): Promise<void> {
    const { a, b } = this.trial;
    if (isOfTenant(operation) || `${operation.method} ${operation.path}` === ENDS_SESSION) return;
    const sessions = Object.entries(a.keys).filter(([name]) => name.startsWith('session'));
    for (const [name, session] of sessions) {
      const at = (ids: IdsOfTenant, slug: string) => {
        const place = (field: string) => (field === 'tenant' ? slug : idsFor(field, ids)[0]);
        const text = operation.body && JSON.stringify(valueFor(this.document, operation.body, place));
        const { question, sent } = fillOperation(this.document, operation, slug, ids, session);
        return {
          question: { ...question, body: text ?? question.body },
          sent: [...sent, ...firstOf(ids), slug],
        };
      };
      const [one, other] = [at(b.ids, b.slug), at(inventedIds(b.ids), neverGiven(b.slug))];
      const existing = await this.ask(one.question);
      const isSame = JSON.stringify(one.question) === JSON.stringify(other.question);
      const twin = isSame ? existing : await this.ask(other.question);
      const twins = { existing, invented: twin, existingIds: one.sent, inventedIds: other.sent };
      const findings = findDifference(twins);
      this.judge('sessions', operation, `A's "${name}" with B's ids`, existing, one, findings);
    }
  }

  /** A's own address with ids of B in it. */
  private async foreignIds(operation: Operation): Promise<void> {
    const { a, b } = this.trial;
    const places = operation.parameters.filter(
      ({ in: where, name }) => where === 'path' && name !== 'tenant',
    );
    const credentialsOfA = [a.keys.all, a.keys['session: admin']].filter((key) => key !== undefined);
    for (const key of credentialsOfA)
      for (const { name } of places)
        for (const id of idsFor(name, b.ids)) await this.foreignId(operation, key, name, id);
  }

  private async foreignId(operation: Operation, key: string, name: string, id: string): Promise<void> {
    const { a, b, written } = this.trial;
    const invented = neverGiven(id);
    const at = (given: string) =>
      fillOperation(this.document, operation, a.slug, b.ids, key, { [name]: given });
    const [one, other] = [at(id), at(invented)];
    const existing = await this.ask(one.question);
    const twin = await this.ask(other.question);
    const twins = { existing, invented: twin, existingIds: [id], inventedIds: [invented] };
    // What A has written under an id that tenants choose is A's own.
    const isOwn = written.has(id) && CHOSEN_BY_TENANTS.some((kind) => b.ids[kind].includes(id));
    const findings = isOwn ? [] : findDifference(twins);
    this.judge('ids', operation, `${name}=${id}`, existing, one, findings);
  }

  /** Ids of B in every query parameter, and in some that nobody has described. */
  private async foreignParameters(operation: Operation): Promise<void> {
    const { a, b } = this.trial;
    const described = operation.parameters
      .filter(({ in: where }) => where === 'query')
      .map(({ name }) => name);
    for (const name of [...described, 'tenant', 'tenantId', 'tenant_id', 'filter']) {
      const id = name.startsWith('tenant')
        ? name === 'tenant'
          ? b.slug
          : String(b.id)
        : idsFor(name, b.ids)[0];
      const { question, sent } = fillOperation(this.document, operation, a.slug, a.ids, a.keys.all);
      const path = `${question.path}${question.path.includes('?') ? '&' : '?'}${name}=${encodeURIComponent(id)}`;
      const answer = await this.ask({ ...question, path });
      this.judge('parameters', operation, `${name}=${id}`, answer, { question, sent: [...sent, id] });
    }
  }

  /** What proxies and frameworks take a tenant, an address or a method from. */
  private async foreignHeaders(operation: Operation): Promise<void> {
    const { a, b } = this.trial;
    const { question, sent } = fillOperation(this.document, operation, a.slug, a.ids, a.keys.all);
    const bKey = `ns_live_${b.ids.keyId[0]}_${'A'.repeat(43)}`;
    const hostile: Record<string, string>[] = [
      { 'x-tenant': b.slug, 'x-tenant-id': String(b.id), 'x-nightshift-tenant': b.slug },
      { 'x-original-url': question.path.replace(a.slug, b.slug), 'x-rewrite-url': `/v1/tenants/${b.slug}` },
      { 'x-http-method-override': 'DELETE', 'x-forwarded-host': b.slug, host: `${b.slug}.example` },
      { 'x-api-key': bKey },
    ];
    for (const headers of hostile) {
      const asked = { ...question, headers: { ...question.headers, ...headers } };
      const answer = await this.ask(asked);
      const echoes = [...sent, b.slug, ...b.ids.keyId];
      this.judge('headers', operation, Object.keys(headers).join(', '), answer, { question, sent: echoes });
    }
  }

  /** Ids of B wherever a body takes a text, and fields that nobody has described. */
  private async foreignBody(operation: Operation): Promise<void> {
    const { a, b } = this.trial;
    if (operation.body === undefined) return;
    const { question, sent } = fillOperation(this.document, operation, a.slug, a.ids, a.keys.all);
    const place = (field: string) => idsFor(field, b.ids)[0];
    const plain = valueFor(this.document, operation.body, () => undefined);
    const bodies: [string, unknown][] = [
      ["B's ids in all texts", valueFor(this.document, operation.body, place)],
      ['a tenant of its own', { ...(plain as object), tenant: b.slug, tenantId: b.id, tenant_id: b.id }],
      ['a list of tenants', [{ tenantId: b.id, tenant: b.slug }]],
    ];
    for (const [name, body] of bodies) {
      const asked = { ...question, body: JSON.stringify(body), headers: jsonHeaders(a.keys.all) };
      const answer = await this.ask(asked);
      this.judge('bodies', operation, name, answer, {
        question: asked,
        sent: [...sent, ...firstOf(b.ids), b.slug],
      });
    }
  }

  private async ask(question: Question): Promise<Answer> {
    for (let i = 0; ; i++) {
      const answer = await this.program(question);
      if (answer.status !== 429 || i === MOST_WAITS) return answer;
      await sleep(1_000);
    }
  }

  private judge(
    surface: Surface,
    { method, path }: Operation,
    what: string,
    answer: Answer,
    { sent }: Filled,
    findings: readonly string[] = [],
  ): void {
    const failed =
      answer.status >= 500 && answer.status !== 503 ? [`answered ${answer.status}: ${answer.body}`] : [];
    const { written, canaries } = this.trial;
    if (method !== 'GET') for (const id of sent) written.add(id);
    const foreign = findForeign(answer, canaries, [...sent, ...written]);
    this.ledger.judged(surface, `${method} ${path} · ${what}`, [...findings, ...foreign, ...failed]);
  }
}

/** Refused because the session's token was missing, whatever the address. */
const isForgery = ({ status, body }: Answer): boolean =>
  status === 403 && body.includes('"csrfTokenMissing"');
