import http from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import { Argon2PasswordHasher } from '#libs/persistence';
import { askOver, bearer, credentials, type Ask, type Question } from './ask.ts';
import type { Programs } from './address-attacks.ts';
import { seededRandom } from './fuzz-attacks.ts';
import type { Ledger } from './ledger.ts';
import { TrialPeople } from './people.ts';
import { compareTimes, WARM_UP, type Pair, type TimingResult } from './timing.ts';
import { neverGiven, type Trial } from './trial-tenant.ts';

/** Each locks after five wrong passwords; the warm-up counts as well. */
const SIGN_INS = 60;
const TRIES_OF_EACH = 4;
/** People may ask five hundred times at once, and each is asked in pairs. */
const OF_A_PERSON = 220;

/** Does the clock say what the words do not? Existing ids of B against ids of the same shape that nobody has. */
export async function attackByTiming(
  { api, serving }: Programs,
  address: string,
  admin: pg.Client,
  trial: Trial,
  ledger: Ledger,
  samples: number,
): Promise<TimingResult[]> {
  const { a, b } = trial;
  const random = seededRandom(4_711);
  const get = (path: string, key = a.keys.all): Question => ({ method: 'GET', path, headers: bearer(key) });
  const own = `/v1/tenants/${a.slug}`;
  const session = credentials(a.keys['session: admin']);
  const pair = (path: (id: string) => string, id: string) => ({
    existing: get(path(id)),
    invented: get(path(neverGiven(id))),
  });
  const look = (slug: string) => `/v1/tenants/${slug}/recommendations/shared-customer`;
  // What B has just asked for is in the node's memory.
  for (let i = 0; i < 5; i++) await serving(get(look(b.slug), b.keys.all));
  const wrongSecret = (keyId: string) => `ns_live_${keyId}_${'A'.repeat(43)}`;
  const cases: [string, Ask, Pair][] = [
    ["serving: B's look-up, kept in memory", serving, pair(look, b.slug)],
    ["serving: B's name", serving, pair((slug) => `/v1/tenants/${slug}/recommendations/nobody-0`, b.slug)],
    [
      "serving: B's customer at A's address",
      serving,
      pair((id) => `${own}/recommendations/${id}`, b.ids.customerId[0]),
    ],
    ["api: B's name", api, pair((slug) => `/v1/tenants/${slug}`, b.slug)],
    [
      "api: B's name, by session",
      api,
      {
        existing: { ...pair((slug) => `/v1/tenants/${slug}`, b.slug).existing, headers: session },
        invented: { ...pair((slug) => `/v1/tenants/${slug}`, b.slug).invented, headers: session },
      },
    ],
    ["api: B's runs", api, pair((slug) => `/v1/tenants/${slug}/runs`, b.slug)],
    ["api: B's run", api, pair((id) => `${own}/runs/${id}`, b.ids.runId[0])],
    ["api: B's import", api, pair((id) => `${own}/imports/${id}/rejected`, b.ids.importId[0])],
    ["api: B's export", api, pair((id) => `${own}/exports/${id}/file`, b.ids.exportId[0])],
    ["api: B's version", api, pair((id) => `${own}/models/${id}`, b.ids.version[0])],
    [
      "serving: B's key with a wrong secret",
      serving,
      {
        existing: get(look(b.slug), wrongSecret(b.ids.keyId[0])),
        invented: get(look(b.slug), wrongSecret(neverGiven(b.ids.keyId[0]))),
      },
    ],
  ];
  const results: TimingResult[] = [];
  const compare = async (name: string, ask: Ask, pairOf: () => Pair, count: number) => {
    let result = await compareTimes(name, ask, pairOf(), count, random);
    // Twice more, for whatever the machine was doing: what is really there is there each time.
    for (let i = 0; i < 2 && result.isDistinguishable; i++) {
      // Until limits are as they were.
      await sleep(10_000);
      result = await compareTimes(name, ask, pairOf(), count, random);
    }
    results.push(result);
    const finding = `takes longer with a chance of ${result.superiority} (${result.existingMedianMs} against ${result.inventedMedianMs} ms)`;
    ledger.judged('timing', name, result.isDistinguishable ? [finding] : []);
  };
  for (const [name, ask, questions] of cases) {
    const count = name.includes('session') ? Math.min(samples, OF_A_PERSON) : samples;
    await compare(name, ask, () => questions, count);
  }
  const clerks = await addClerks(admin, trial);
  await compare('api: signing in as somebody of B', fromAnywhere(address), () => signIns(clerks), SIGN_INS);
  return results;
}

async function addClerks(admin: pg.Client, { b }: Trial): Promise<string[]> {
  const people = new TrialPeople(admin);
  const passwordHash = await new Argon2PasswordHasher().hash('seven quiet ferries');
  const count = (SIGN_INS + WARM_UP) / TRIES_OF_EACH;
  const names = Array.from({ length: count * 3 }, (_, i) => `clerk-${i}`);
  for (const name of names) await people.member(b, name, 'analyst', passwordHash);
  return names.map((name) => `${b.canary}-${name}@people.example`);
}

/** Wrong passwords for people of B, and for addresses that nobody has. Takes the clerks that it needs. */
function signIns(clerks: string[]): Pair {
  const emails = clerks.splice(0, (SIGN_INS + WARM_UP) / TRIES_OF_EACH);
  const turns = { existing: 0, invented: 0 };
  const next = (which: keyof typeof turns) => (): Question => {
    const email = emails[turns[which]++ % emails.length];
    const body = { email: which === 'existing' ? email : neverGiven(email), password: 'eight calm ferries' };
    const headers = { 'content-type': 'application/json' };
    return { method: 'POST', path: '/v1/session', headers, body: JSON.stringify(body) };
  };
  return { existing: next('existing'), invented: next('invented') };
}

/** Each time from another address of this machine: how often one may try is not the question. */
function fromAnywhere(address: string): Ask {
  let turn = 0;
  return (question) => {
    turn++;
    const localAddress = `127.77.${Math.floor(turn / 250)}.${(turn % 250) + 1}`;
    return askOver(address, new http.Agent({ localAddress }))(question);
  };
}
