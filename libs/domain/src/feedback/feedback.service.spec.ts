import {
  FEEDBACK_KINDS,
  FeedbackRepository,
  FeedbackService,
  parseFeedback,
  type FeedbackEvent,
} from './feedback.service.js';

const NOW = new Date('2026-11-21T10:00:00.000Z');
const ROW = { recommendationId: 'r1', customerId: 'c1', productId: 'p1', kind: 'bought' };

function event(row: object): FeedbackEvent {
  const result = parseFeedback(row, NOW);
  if ('problems' in result) throw new Error(JSON.stringify(result.problems));
  return result.event;
}
function problems(row: unknown): string[] {
  const result = parseFeedback(row, NOW);
  return 'problems' in result ? result.problems.map(({ field, code }) => `${field} ${code}`) : [];
}

describe('a good row', () => {
  it.each(FEEDBACK_KINDS)('of the kind %s is taken', (kind) => {
    expect(event({ ...ROW, kind })).toMatchObject({
      kind,
      customerId: 'c1',
      productId: 'p1',
      occurredAt: NOW,
    });
  });

  it('keeps every field', () => {
    const row = {
      ...ROW,
      eventId: 'e',
      kind: 'rejected',
      reason: 'zu teuer\n',
      position: 3,
      quantity: 0,
      unitPrice: 1.25,
      onBehalfOf: 'sales-7',
      occurredAt: '2026-11-20T23:30:00+01:00',
    };
    expect(event(row)).toEqual({ ...row, occurredAt: new Date('2026-11-20T22:30:00Z') });
  });

  it.each([
    ['2026-02-28T23:59:59Z', Date.UTC(2026, 1, 28, 23, 59, 59)],
    ['2024-02-29T00:00:00.007Z', Date.UTC(2024, 1, 29, 0, 0, 0, 7)],
    ['1970-01-01T00:00:00Z', 0],
    ['2026-11-20T24:00:00Z', Date.UTC(2026, 10, 21)],
    ['2026-11-20T10:00:00.1234567Z', Date.UTC(2026, 10, 20, 10, 0, 0, 123)],
  ])('takes %s as the moment that it is', (occurredAt, expected) => {
    expect(event({ ...ROW, occurredAt }).occurredAt.getTime()).toBe(expected);
  });

  it.each([
    '2026-02-30T00:00:00Z',
    '2025-02-29T00:00:00.000Z',
    '2026-13-01T00:00:00Z',
    '2026-11-20T25:00:00Z',
  ])('has no %s', (occurredAt) => {
    expect(problems({ ...ROW, occurredAt })).toEqual(['occurredAt notADate']);
  });

  it('may leave out, or set to null, what is not required', () => {
    const nulls = {
      eventId: null,
      reason: null,
      position: null,
      quantity: null,
      unitPrice: null,
      onBehalfOf: null,
      occurredAt: null,
    };
    expect(event({ ...ROW, ...nulls })).toEqual(event(ROW));
    expect(event(ROW)).toMatchObject({
      reason: undefined,
      position: undefined,
      quantity: undefined,
      unitPrice: undefined,
    });
  });

  it.each(["O'Brien; DROP TABLE--", '顧客🙂', ' spaced ', 'x'.repeat(200)])(
    'may have the odd identifier %j',
    (customerId) => {
      expect(event({ ...ROW, customerId }).customerId).toBe(customerId);
    },
  );

  it.each([
    '2026-11-21',
    '2026-11-21T09:30Z',
    '2026-11-21T09:30:00.123456Z',
    '2026-11-21T09:30:00-0330',
    '2026-11-22T09:59:00Z',
  ])('may have the moment %s', (occurredAt) => expect(problems({ ...ROW, occurredAt })).toEqual([]));
});

describe('a bad row', () => {
  it.each([[null], [[]], ['text'], [7]])('that is no object (%j) is named', (row) => {
    expect(problems(row)).toEqual([' notAnObject']);
  });

  it('names all of its bad fields at once', () => {
    expect(
      problems({ kind: 'sold', customerId: 7, position: 0, unitPrice: '3', reason: 'x'.repeat(501) }),
    ).toEqual([
      'kind unknownValue',
      'customerId notText',
      'productId required',
      'reason tooLong',
      'position notInRange',
      'unitPrice notInRange',
    ]);
  });

  it.each([
    ['customerId', '', 'required'],
    ['customerId', 'a\nb', 'controlCharacter'],
    ['customerId', 'x'.repeat(201), 'tooLong'],
    ['productId', 'half \ud83d', 'notUnicode'],
    ['eventId', 'a\u0000', 'controlCharacter'],
    ['reason', 'a\u0000', 'controlCharacter'],
    ['position', 1.5, 'notWhole'],
    ['position', 100_001, 'notInRange'],
    ['quantity', -1, 'notInRange'],
    ['quantity', NaN, 'notInRange'],
    ['unitPrice', 1e10, 'notInRange'],
  ])('%s = %j is %s', (field, value, code) => {
    expect(problems({ ...ROW, [field]: value })).toEqual([`${field} ${code}`]);
  });

  it.each([
    'yesterday',
    '',
    '21.11.2026',
    '11/21/2026',
    '2026',
    '2026-11-21T09:30:00',
    '2026-02-30',
    '2026-11-21T25:00:00Z',
    1763718000,
    {},
  ])('whose moment is %j is named, with or without an event id', (occurredAt) => {
    expect(problems({ ...ROW, occurredAt })).toEqual(['occurredAt notADate']);
    expect(problems({ ...ROW, eventId: 'e', occurredAt })).toEqual(['occurredAt notADate']);
  });

  it('cannot lie more than a day ahead or before anybody recorded anything', () => {
    expect(problems({ ...ROW, occurredAt: '2026-11-22T10:00:01Z' })).toEqual(['occurredAt inTheFuture']);
    expect(problems({ ...ROW, occurredAt: '0000-01-01' })).toEqual(['occurredAt tooLongAgo']);
  });
});

describe('the event id of a row that brings none', () => {
  const id = (row: object, now = NOW) => {
    const result = parseFeedback(row, now);
    return 'event' in result ? result.event.eventId : undefined;
  };
  const later = new Date('2026-11-21T11:00:00Z');

  it('is the same whenever the row is sent again', () => {
    expect(id(ROW, later)).toBe(id(ROW));
    expect(id({ ...ROW, occurredAt: null }, later)).toBe(id({ ...ROW, occurredAt: null }));
    const moment = { ...ROW, recommendationId: undefined, occurredAt: '2026-11-21T09:00:00Z' };
    expect(id(moment, later)).toBe(id(moment));
  });

  it('is the same for the same moment written in another way', () => {
    expect(id({ ...ROW, occurredAt: '2026-11-21T10:00:00+01:00' })).toBe(
      id({ ...ROW, occurredAt: '2026-11-21T09:00:00Z' }),
    );
  });

  it.each([
    { recommendationId: 'r2' },
    { customerId: 'c2' },
    { productId: 'p2' },
    { kind: 'carted' },
    { occurredAt: '2026-11-21' },
  ])('differs with %j', (change) => expect(id({ ...ROW, ...change })).not.toBe(id(ROW)));

  it('does not confuse fields that run into one another', () => {
    expect(id({ ...ROW, customerId: 'a', productId: 'bc' })).not.toBe(
      id({ ...ROW, customerId: 'ab', productId: 'c' }),
    );
  });

  it('is a new one each time when nothing tells a second event from a second report', () => {
    const bare = { ...ROW, recommendationId: undefined };
    expect(id(bare)).not.toBe(id(bare));
  });
});

describe('FeedbackService', () => {
  /** Keeps event ids as the tables do: once. */
  class EventIds extends FeedbackRepository {
    readonly known = new Set<string>();
    override append(_tenantId: number, events: readonly FeedbackEvent[]): Promise<number> {
      const before = this.known.size;
      for (const { eventId } of events) this.known.add(eventId);
      return Promise.resolve(this.known.size - before);
    }
  }

  it('lands the good rows, names each bad one by its index, and counts a batch once', async () => {
    const service = new FeedbackService(new EventIds());
    const batch = [ROW, { ...ROW, customerId: '' }, { ...ROW, kind: 'shown' }, 'what?', ROW];
    const first = await service.record(1, batch, NOW);
    expect(first).toMatchObject({ accepted: 2, alreadyKnown: 1 });
    expect(first.rejected.map(({ index, field, code }) => [index, field, code])).toEqual([
      [1, 'customerId', 'required'],
      [3, '', 'notAnObject'],
    ]);
    expect(await service.record(1, batch, new Date(NOW.getTime() + 1))).toMatchObject({
      accepted: 0,
      alreadyKnown: 3,
    });
  });

  it('does not trouble the database with a batch in which nothing is good', async () => {
    const refusing = { append: () => Promise.reject(new Error('must not be asked')) };
    expect(await new FeedbackService(refusing).record(1, [7], NOW)).toMatchObject({
      accepted: 0,
      alreadyKnown: 0,
    });
  });
});
