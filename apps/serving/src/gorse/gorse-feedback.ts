import { createHash } from 'node:crypto';
import type { FeedbackKind, FeedbackRowError } from '#libs/domain';

/** What Gorse leaves to its configuration, here by the names that its examples and clients use. */
const KIND_OF: Readonly<Record<string, FeedbackKind>> = {
  ...{ read: 'shown', seen: 'shown', impression: 'shown', shown: 'shown' },
  ...{ click: 'clicked', clicked: 'clicked', view: 'clicked', watch: 'clicked' },
  ...{ star: 'accepted', like: 'accepted', favorite: 'accepted', upvote: 'accepted', accepted: 'accepted' },
  ...{ dislike: 'rejected', hate: 'rejected', downvote: 'rejected', rejected: 'rejected' },
  ...{ skip: 'skipped', skipped: 'skipped' },
  ...{ cart: 'carted', add_to_cart: 'carted', carted: 'carted' },
  ...{ buy: 'bought', purchase: 'bought', order: 'bought', bought: 'bought' },
};
export const GORSE_FEEDBACK_TYPES: readonly string[] = Object.keys(KIND_OF);

/** Field of ours → field of Gorse's, for messages. */
const GORSE_FIELD: Readonly<Record<string, string>> = {
  kind: 'FeedbackType',
  customerId: 'UserId',
  productId: 'ItemId',
  occurredAt: 'Timestamp',
  reason: 'Comment',
};

/** What Go writes for a moment that nobody set. */
const UNSET_MOMENT = '0001-01-01T00:00:00';

/** A row of Gorse's as the row of feedback that it means; what is wrong with it, the feedback service finds. */
export function fromGorseFeedback(row: unknown): unknown {
  if (typeof row !== 'object' || row === null || Array.isArray(row)) return row;
  const { FeedbackType, UserId, ItemId, Timestamp, Comment } = row as Record<string, unknown>;
  const type = typeof FeedbackType === 'string' ? FeedbackType.toLowerCase() : '';
  const kind = Object.hasOwn(KIND_OF, type) ? KIND_OF[type] : undefined;
  const isUnset = typeof Timestamp === 'string' && (Timestamp === '' || Timestamp.startsWith(UNSET_MOMENT));
  const occurredAt = isUnset ? undefined : Timestamp;
  // In Gorse a second feedback of this type from this user on this item is the same one; at another moment it is another.
  const identity = JSON.stringify([type, UserId, ItemId, occurredAt ?? null]);
  const eventId = `gorse-${createHash('sha256').update(identity).digest('hex').slice(0, 32)}`;
  const reason = kind === 'rejected' && Comment !== '' ? Comment : undefined;
  return { eventId, kind, customerId: UserId, productId: ItemId, occurredAt, reason };
}

/** The same error in the words of whoever sent the row. */
export function inGorseWords({ index, field, code, message }: FeedbackRowError): FeedbackRowError {
  const isType = field === 'kind';
  return {
    ...{ index, code, field: GORSE_FIELD[field] ?? field },
    message: isType ? `must be one of ${GORSE_FEEDBACK_TYPES.join(', ')}` : message,
  };
}
