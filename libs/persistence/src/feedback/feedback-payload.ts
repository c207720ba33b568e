import type { FeedbackEvent, TenantId } from '#libs/domain';

/** What one call brought: as it is written to the journal. */
export interface FeedbackPayload {
  readonly tenantId: TenantId;
  readonly events: readonly FeedbackEvent[];
}

export function encodePayload(payload: FeedbackPayload): Buffer {
  return Buffer.from(JSON.stringify(payload));
}

export function decodePayload(bytes: Buffer): FeedbackPayload {
  const { tenantId, events } = JSON.parse(bytes.toString('utf8')) as FeedbackPayload;
  return { tenantId, events: events.map((event) => ({ ...event, occurredAt: new Date(event.occurredAt) })) };
}
