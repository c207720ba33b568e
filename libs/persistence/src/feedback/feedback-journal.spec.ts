import {
  appendFile,
  cp,
  mkdtemp,
  readdir,
  readFile,
  rm,
  truncate,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FeedbackRepository, InvalidInputError, UnavailableError, type FeedbackEvent } from '#libs/domain';
import { FeedbackJournal } from './feedback-journal.js';

let stateDirectory: string;
let target: Target;

/** Postgres as far as the journal knows it: an event counts once by tenant and id, and it may be away. */
class Target extends FeedbackRepository {
  readonly stored = new Map<string, FeedbackEvent>();
  calls = 0;
  away = false;
  readonly unstorable = new Set<string>();

  override async append(tenantId: number, events: readonly FeedbackEvent[]): Promise<number> {
    this.calls++;
    if (this.away) throw new UnavailableError('The database', undefined);
    if (events.some(({ eventId }) => this.unstorable.has(eventId)))
      throw new InvalidInputError('unstorableValue', '');
    const before = this.stored.size;
    for (const event of events) {
      const key = `${tenantId}/${event.eventId}`;
      if (!this.stored.has(key)) this.stored.set(key, event);
    }
    return this.stored.size - before;
  }
}

const event = (eventId: string): FeedbackEvent => ({
  eventId,
  recommendationId: undefined,
  customerId: 'anna',
  productId: 'p1',
  kind: 'bought',
  reason: undefined,
  position: undefined,
  quantity: 2,
  unitPrice: 9.5,
  onBehalfOf: undefined,
  occurredAt: new Date('2026-11-20T10:00:00.123Z'),
});

const ids = () => [...target.stored.keys()].sort();
const feedbackFolder = () => join(stateDirectory, 'serving', 'feedback');
const open = () => FeedbackJournal.open(stateDirectory, target);

async function deliverAll(journal: FeedbackJournal): Promise<void> {
  for (;;) if ((await journal.deliverNext()).events === 0 && journal.undeliveredBytes === 0) return;
}

/** What a process that was killed leaves: its folder, whose owner is silent. */
async function abandon(): Promise<string[]> {
  const folders = (await readdir(feedbackFolder(), { withFileTypes: true })).filter((entry) =>
    entry.isDirectory(),
  );
  const segments: string[] = [];
  for (const { name } of folders) {
    const copy = join(feedbackFolder(), `left-${name}`);
    await cp(join(feedbackFolder(), name), copy, { recursive: true });
    const longAgo = new Date(Date.now() - 3_600_000);
    await utimes(join(copy, 'owner.json'), longAgo, longAgo);
    segments.push(
      ...(await readdir(copy)).filter((file) => file.endsWith('.journal')).map((file) => join(copy, file)),
    );
  }
  return segments;
}

beforeEach(async () => {
  stateDirectory = await mkdtemp(join(tmpdir(), 'nightshift-journal-'));
  target = new Target();
});

afterEach(() => rm(stateDirectory, { recursive: true, force: true }));

test('events are delivered as they were taken, and nothing is left behind', async () => {
  const journal = await open();
  expect(await journal.append(1, [event('a'), event('b')])).toBe(2);
  expect(await journal.append(2, [event('a')])).toBe(1);
  expect(journal.undeliveredBytes).toBeGreaterThan(0);
  expect(ids()).toEqual([]);
  await journal.untilWork();
  await deliverAll(journal);
  expect(ids()).toEqual(['1/a', '1/b', '2/a']);
  expect(target.stored.get('1/a')).toEqual(event('a'));
  await journal.close();
  expect(await readdir(feedbackFolder())).toEqual([]);
});

test('an event that is sent again is told from a new one, also within its batch', async () => {
  const journal = await open();
  expect(await journal.append(1, [event('a'), event('a')])).toBe(1);
  expect(await journal.append(1, [event('a'), event('b')])).toBe(1);
  const answers = await Promise.all([1, 2, 3].map(() => journal.append(1, [event('c')])));
  expect(answers).toEqual([1, 0, 0]);
  await journal.close();
});

test('everybody who comes while the disk is busy shares one sync', async () => {
  const journal = await open();
  const batches = Array.from({ length: 500 }, (_, index) => journal.append(1, [event(`e${index}`)]));
  expect((await Promise.all(batches)).reduce((sum, count) => sum + count)).toBe(500);
  await deliverAll(journal);
  expect(target.stored.size).toBe(500);
  expect(target.calls).toBeLessThan(10);
  await journal.close();
});

test('while the database is away nothing is lost, and it is delivered once when it is back', async () => {
  const journal = await open();
  target.away = true;
  await journal.append(1, [event('a')]);
  await expect(journal.deliverNext()).rejects.toThrow(UnavailableError);
  await journal.append(1, [event('b')]);
  await expect(journal.deliverNext()).rejects.toThrow(UnavailableError);
  target.away = false;
  await deliverAll(journal);
  expect(ids()).toEqual(['1/a', '1/b']);
  await journal.close();
});

test('what a killed node has acknowledged is delivered by the next; what was delivered before counts once', async () => {
  const killed = await open();
  await killed.append(1, [event('a')]);
  await killed.deliverNext();
  await killed.append(1, [event('b')]);
  await abandon();
  const next = await open();
  await deliverAll(next);
  expect(ids()).toEqual(['1/a', '1/b']);
  // The folder that it took over is removed when it looks the next time.
  await next.adopt();
  const left = (await readdir(feedbackFolder())).filter((name) => name.startsWith('left-'));
  expect(left).toEqual([]);
  await Promise.all([killed.close(), next.close()]);
});

test('a torn tail costs nothing of what stands before it', async () => {
  const killed = await open();
  await killed.append(1, [event('a')]);
  await killed.append(1, [event('b')]);
  const [segment] = await abandon();
  const whole = await readFile(segment);
  await truncate(segment, whole.length - 5);
  const next = await open();
  await deliverAll(next);
  expect(ids()).toEqual(['1/a']);
  await writeFile(segment, whole).catch(() => undefined);
  await Promise.all([killed.close(), next.close()]);
});

test('rubbish behind the end is left', async () => {
  const killed = await open();
  await killed.append(1, [event('a')]);
  const [segment] = await abandon();
  await appendFile(segment, Buffer.alloc(4096));
  const next = await open();
  await deliverAll(next);
  expect(ids()).toEqual(['1/a']);
  await Promise.all([killed.close(), next.close()]);
});

test('nobody takes the segments of a node that lives', async () => {
  const [one, two] = [await open(), await open()];
  await one.append(1, [event('a')]);
  await two.adopt();
  expect((await two.deliverNext()).events).toBe(0);
  await deliverAll(one);
  expect(ids()).toEqual(['1/a']);
  await Promise.all([one.close(), two.close()]);
});

test('a row that the database cannot hold is set aside, and the others go on', async () => {
  const journal = await open();
  target.unstorable.add('bad');
  await journal.append(1, [event('a'), event('b'), event('bad'), event('c')]);
  expect(await journal.deliverNext()).toMatchObject({ events: 4, added: 3, refused: 1 });
  expect(ids()).toEqual(['1/a', '1/b', '1/c']);
  const [line] = (await readFile(join(feedbackFolder(), 'refused.ndjson'), 'utf8')).trim().split('\n');
  expect(JSON.parse(line)).toMatchObject({ tenantId: 1, event: { eventId: 'bad' } });
  await journal.close();
});

test('many segments: each is removed when it is delivered', async () => {
  const journal = await open();
  const long = { ...event('x'), reason: 'r'.repeat(400) };
  for (let batch = 0; batch < 14; batch++) {
    const events = Array.from({ length: 1_000 }, (_, row) => ({ ...long, eventId: `${batch}-${row}` }));
    await journal.append(1, events);
  }
  await deliverAll(journal);
  expect(target.stored.size).toBe(14_000);
  await journal.close();
  expect(await readdir(feedbackFolder())).toEqual([]);
});

test('a disk that refuses is said so, and the same events are taken afterwards', async () => {
  const journal = await open();
  await rm(feedbackFolder(), { recursive: true });
  await expect(journal.append(1, [event('a')])).rejects.toThrow(UnavailableError);
  await journal.close();
  const again = await open();
  expect(await again.append(1, [event('a')])).toBe(1);
  await again.close();
});

test('after closing nothing is taken', async () => {
  const journal = await open();
  await journal.close();
  await expect(journal.append(1, [event('a')])).rejects.toThrow(UnavailableError);
});
