import { DateTime } from 'luxon';
import { createHash, randomUUID } from 'node:crypto';
import type { TenantId } from '../tenants/tenant.js';

/** What became of a recommended product. `shown` is an impression; the others are outcomes. */
export const FEEDBACK_KINDS = [
  'shown',
  'accepted',
  'rejected',
  'skipped',
  'clicked',
  'carted',
  'bought',
] as const;
export type FeedbackKind = (typeof FEEDBACK_KINDS)[number];

export interface FeedbackEvent {
  readonly eventId: string;
  readonly recommendationId: string | undefined;
  readonly customerId: string;
  readonly productId: string;
  readonly kind: FeedbackKind;
  /** Why a product was rejected. */
  readonly reason: string | undefined;
  readonly position: number | undefined;
  readonly quantity: number | undefined;
  readonly unitPrice: number | undefined;
  /** Who acted for the customer: a salesperson, say. */
  readonly onBehalfOf: string | undefined;
  readonly occurredAt: Date;
}

export interface FeedbackRowError {
  readonly index: number;
  readonly field: string;
  readonly code: string;
  readonly message: string;
}

export interface FeedbackAnswer {
  readonly accepted: number;
  readonly alreadyKnown: number;
  readonly rejected: readonly FeedbackRowError[];
}

export abstract class FeedbackRepository {
  /** Appends what is new, by event id; returns how many were. */
  abstract append(tenantId: TenantId, events: readonly FeedbackEvent[]): Promise<number>;
}

/** What one step of a delivery came to. */
export interface DeliveredFeedback {
  readonly events: number;
  /** Of these: not in the database before. */
  readonly added: number;
  /** Of these: refused by the database for what they hold, and set aside. */
  readonly refused: number;
  /** Whether a part of what was to be delivered could not be read any more. */
  readonly isDamaged: boolean;
}

/** Feedback that is durable on the node once it is appended, and reaches the database afterwards. */
export abstract class DurableFeedback extends FeedbackRepository {
  /** What this node has taken and not yet delivered. */
  abstract readonly undeliveredBytes: number;
  /** Resolves when there is something to deliver, and when interrupted. */
  abstract untilWork(): Promise<void>;
  abstract interrupt(): void;
  /** @throws UnavailableError and others: nothing is lost, and another try is worth it */
  abstract deliverNext(): Promise<DeliveredFeedback>;
  /** Takes over what nodes that are gone have left. */
  abstract adopt(): Promise<void>;
  /** Nothing of what is delivered, or was refused, about these customers stays on this disk. */
  abstract forget(isErased: (tenantId: TenantId, customerId: string) => boolean): Promise<void>;
  abstract close(): Promise<void>;
}

const MAXIMUM_FUTURE_MS = 24 * 3_600_000;

/** A moment that means the same on every machine: date, time and offset. A date alone is its midnight in UTC. */
const ISO_MOMENT =
  /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:[.,]\d{1,9})?)?(?:Z|[+-]\d{2}(?::?\d{2})?))?$/;

export class FeedbackService {
  constructor(private readonly repository: FeedbackRepository) {}

  /** Good rows land, each bad row comes back with index, field and reason; a batch sent twice counts once. */
  async record(tenantId: TenantId, rows: readonly unknown[], now = new Date()): Promise<FeedbackAnswer> {
    const events: FeedbackEvent[] = [];
    const rejected: FeedbackRowError[] = [];
    rows.forEach((row, index) => {
      const result = parseFeedback(row, now);
      if ('event' in result) events.push(result.event);
      else for (const problem of result.problems) rejected.push({ index, ...problem });
    });
    const accepted = events.length === 0 ? 0 : await this.repository.append(tenantId, events);
    return { accepted, alreadyKnown: events.length - accepted, rejected };
  }
}

type Problem = Omit<FeedbackRowError, 'index'>;

/** Exported for tests: one row of a feedback batch, checked field by field. */
export function parseFeedback(row: unknown, now: Date): { event: FeedbackEvent } | { problems: Problem[] } {
  if (typeof row !== 'object' || row === null || Array.isArray(row)) {
    return { problems: [{ field: '', code: 'notAnObject', message: 'must be an object' }] };
  }
  const fields = new FieldReader(row as Record<string, unknown>);
  const kind = fields.choice('kind', FEEDBACK_KINDS);
  const customerId = fields.identifier('customerId', true) ?? '';
  const productId = fields.identifier('productId', true) ?? '';
  const recommendationId = fields.identifier('recommendationId', false);
  const occurredAt = fields.time('occurredAt', now);
  const event = {
    recommendationId,
    customerId,
    productId,
    kind: kind ?? 'shown',
    reason: fields.text('reason', 500),
    position: fields.wholeNumber('position', 1, 100_000),
    quantity: fields.number('quantity', 0, 1e9),
    unitPrice: fields.number('unitPrice', 0, 1e9),
    onBehalfOf: fields.identifier('onBehalfOf', false),
    occurredAt,
  };
  const given = fields.identifier('eventId', false);
  if (fields.problems.length > 0) return { problems: fields.problems };
  const eventId = given ?? derivedEventId(event, fields.has('occurredAt'));
  return { event: { eventId, ...event } };
}

/**
 * Without an event id, the same thing reported about the same recommendation, or at the same moment, is the same event.
 * With neither there is nothing to tell a second event from a second report by, and each counts.
 */
function derivedEventId(event: Omit<FeedbackEvent, 'eventId'>, momentGiven: boolean): string {
  if (event.recommendationId === undefined && !momentGiven) return randomUUID();
  const moment = momentGiven ? event.occurredAt.toISOString() : '';
  const parts = [event.recommendationId ?? '', event.customerId, event.productId, event.kind, moment];
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32);
}

const CONTROL_CHARACTERS = /[\u0000-\u001f\u007f]/;

const PLAIN_MOMENT = /^(?:19[7-9]\d|20\d{2})-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{3})?Z$/;

/** What programs write: the one form of a moment that a Date reads without bending it, at a tenth of the cost. */
function readPlainMoment(text: string): number | undefined {
  if (!PLAIN_MOMENT.test(text)) return undefined;
  const moment = Date.parse(text);
  const isAsWritten = !Number.isNaN(moment) && new Date(moment).toISOString().startsWith(text.slice(0, 19));
  return isAsWritten ? moment : undefined;
}

/** Reads the fields of one row and collects what is wrong with them. */
class FieldReader {
  readonly problems: Problem[] = [];

  constructor(private readonly row: Record<string, unknown>) {}

  identifier(field: string, required: boolean): string | undefined {
    const value = this.row[field];
    if (value === undefined || value === null || value === '') {
      return required ? this.refuse(field, 'required', 'is missing') : undefined;
    }
    if (typeof value !== 'string') return this.refuse(field, 'notText', 'must be a text');
    if (value.length > 200) return this.refuse(field, 'tooLong', 'must have at most 200 characters');
    // Half a surrogate pair would be stored as a replacement character, and two ids could become one.
    if (!value.isWellFormed()) return this.refuse(field, 'notUnicode', 'must be well-formed Unicode');
    if (CONTROL_CHARACTERS.test(value))
      return this.refuse(field, 'controlCharacter', 'must not contain control characters');
    return value;
  }

  text(field: string, maximumLength: number): string | undefined {
    const value = this.row[field];
    if (value === undefined || value === null) return undefined;
    if (typeof value !== 'string') return this.refuse(field, 'notText', 'must be a text');
    if (value.includes('\0'))
      return this.refuse(field, 'controlCharacter', 'must not contain a NUL character');
    return value.length <= maximumLength
      ? value
      : this.refuse(field, 'tooLong', `must have at most ${maximumLength} characters`);
  }

  number(field: string, minimum: number, maximum: number): number | undefined {
    const value = this.row[field];
    if (value === undefined || value === null) return undefined;
    if (typeof value === 'number' && value >= minimum && value <= maximum) return value;
    return this.refuse(field, 'notInRange', `must be a number from ${minimum} to ${maximum}`);
  }

  wholeNumber(field: string, minimum: number, maximum: number): number | undefined {
    const value = this.number(field, minimum, maximum);
    if (value === undefined || Number.isInteger(value)) return value;
    return this.refuse(field, 'notWhole', 'must be a whole number');
  }

  has(field: string): boolean {
    return this.row[field] !== undefined && this.row[field] !== null;
  }

  choice<T extends string>(field: string, choices: readonly T[]): T | undefined {
    const value = this.row[field];
    const found = choices.find((choice) => choice === value);
    return found ?? this.refuse(field, 'unknownValue', `must be one of ${choices.join(', ')}`);
  }

  time(field: string, now: Date): Date {
    const value = this.row[field];
    if (value === undefined || value === null) return now;
    const plain = typeof value === 'string' ? readPlainMoment(value) : undefined;
    if (plain !== undefined && plain <= now.getTime()) return new Date(plain);
    // Luxon refuses what a Date would bend into shape, such as 30 February.
    const isMoment = typeof value === 'string' && ISO_MOMENT.test(value);
    const moment = isMoment ? DateTime.fromISO(value, { zone: 'utc' }) : undefined;
    if (!moment?.isValid)
      this.refuse(
        field,
        'notADate',
        'must be an ISO 8601 date and time with an offset, such as 2026-11-21T09:30:00Z',
      );
    else if (moment.toMillis() < 0) this.refuse(field, 'tooLongAgo', 'lies before 1970');
    else if (moment.toMillis() > now.getTime() + MAXIMUM_FUTURE_MS)
      this.refuse(field, 'inTheFuture', 'lies in the future');
    return moment?.toJSDate() ?? now;
  }

  private refuse(field: string, code: string, message: string): undefined {
    this.problems.push({ field, code, message });
    return undefined;
  }
}
