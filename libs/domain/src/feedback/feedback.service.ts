import { createHash, randomUUID } from 'node:crypto';
import type { TenantId } from '../tenants/tenant.js';

/** What became of a recommended product. `shown` is an impression; the others are outcomes. */
export const FEEDBACK_KINDS = ['shown', 'accepted', 'rejected', 'skipped', 'clicked', 'carted', 'bought'] as const;
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

const MAXIMUM_FUTURE_MS = 24 * 3_600_000;

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
    position: fields.number('position', 1, 100_000),
    quantity: fields.number('quantity', 0, 1e9),
    unitPrice: fields.number('unitPrice', 0, 1e9),
    occurredAt,
  };
  const eventId = fields.identifier('eventId', false) ?? derivedEventId(event, row);
  return fields.problems.length > 0 ? { problems: fields.problems } : { event: { eventId, ...event } };
}

/** Without an event id, the same thing reported about the same recommendation at the same moment is the same event. */
function derivedEventId(event: Omit<FeedbackEvent, 'eventId'>, row: object): string {
  if (event.recommendationId === undefined) return randomUUID();
  const moment = 'occurredAt' in row ? event.occurredAt.toISOString() : '';
  const parts = [event.recommendationId, event.customerId, event.productId, event.kind, moment];
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32);
}

// eslint-disable-next-line no-control-regex -- control characters are exactly what is looked for
const CONTROL_CHARACTERS = /[\u0000-\u001f\u007f]/;

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
    if (CONTROL_CHARACTERS.test(value)) return this.refuse(field, 'controlCharacter', 'must not contain control characters');
    return value;
  }

  text(field: string, maximumLength: number): string | undefined {
    const value = this.row[field];
    if (value === undefined || value === null) return undefined;
    if (typeof value !== 'string') return this.refuse(field, 'notText', 'must be a text');
    if (value.includes('\0')) return this.refuse(field, 'controlCharacter', 'must not contain a NUL character');
    return value.length <= maximumLength ? value : this.refuse(field, 'tooLong', `must have at most ${maximumLength} characters`);
  }

  number(field: string, minimum: number, maximum: number): number | undefined {
    const value = this.row[field];
    if (value === undefined || value === null) return undefined;
    if (typeof value === 'number' && value >= minimum && value <= maximum) return value;
    return this.refuse(field, 'notInRange', `must be a number from ${minimum} to ${maximum}`);
  }

  choice<T extends string>(field: string, choices: readonly T[]): T | undefined {
    const value = this.row[field];
    const found = choices.find((choice) => choice === value);
    return found ?? this.refuse(field, 'unknownValue', `must be one of ${choices.join(', ')}`);
  }

  time(field: string, now: Date): Date {
    const value = this.row[field];
    if (value === undefined || value === null) return now;
    const time = typeof value === 'string' ? new Date(value) : new Date(NaN);
    if (Number.isNaN(time.getTime())) this.refuse(field, 'notADate', 'must be an ISO 8601 date and time');
    else if (time.getTime() > now.getTime() + MAXIMUM_FUTURE_MS) this.refuse(field, 'inTheFuture', 'lies in the future');
    return time;
  }

  private refuse(field: string, code: string, message: string): undefined {
    this.problems.push({ field, code, message });
    return undefined;
  }
}
