import { LIST_SOURCES } from '#libs/domain';
import { RECOMMENDATION_STATUSES, STATUS_REASONS } from '#libs/serving';

/** With a schema, Fastify writes the answer with compiled code instead of JSON.stringify. */
export const RECOMMENDATION_SCHEMA = {
  type: 'object',
  required: ['recommendationId', 'modelVersion', 'servedAt', 'status', 'statusReason', 'items'],
  properties: {
    recommendationId: { type: 'string' },
    modelVersion: { type: ['integer', 'null'] },
    servedAt: { type: 'string' },
    status: { type: 'string', enum: RECOMMENDATION_STATUSES },
    statusReason: { type: ['string', 'null'], enum: [...STATUS_REASONS, null] },
    items: {
      type: 'array',
      items: {
        type: 'object',
        required: ['productId', 'score', 'source', 'reasons'],
        properties: {
          productId: { type: 'string' },
          score: { type: 'number' },
          source: { type: 'string', enum: LIST_SOURCES },
          reasons: { type: 'array', items: { type: 'string' } },
          breakdown: {
            type: 'array',
            items: {
              type: 'object',
              required: ['step', 'score'],
              properties: {
                step: { type: 'string' },
                score: { type: 'number' },
                factor: { type: 'number' },
              },
            },
          },
        },
      },
    },
  },
} as const;
