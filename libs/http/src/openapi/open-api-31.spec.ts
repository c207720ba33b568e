import type { OpenAPIObject } from '@nestjs/swagger';
import { toOpenApi31 } from './open-api-31.js';

const schemaOf = (schema: object) => {
  const document = { openapi: '3.0.0', paths: {}, components: { schemas: { It: schema } } };
  return toOpenApi31(document as unknown as OpenAPIObject).components?.schemas?.It;
};

test.each([
  [{ type: 'string' }, { type: 'string' }],
  [{ type: 'string', nullable: false }, { type: 'string' }],
  [
    { type: 'string', format: 'date-time', nullable: true },
    { type: ['string', 'null'], format: 'date-time' },
  ],
  [
    { type: 'string', enum: ['a'], nullable: true },
    { type: ['string', 'null'], enum: ['a', null] },
  ],
  [
    { nullable: true, type: 'object', allOf: [{ $ref: '#/x' }], description: 'd' },
    { anyOf: [{ $ref: '#/x' }, { type: 'null' }], description: 'd' },
  ],
  [
    { type: 'object', properties: { a: { type: 'number', nullable: true } } },
    { type: 'object', properties: { a: { type: ['number', 'null'] } } },
  ],
])('%j becomes %j', (before, after) => {
  expect(schemaOf(before)).toEqual(after);
});

test('says which version it is', () => {
  expect(toOpenApi31({ openapi: '3.0.0', paths: {} } as unknown as OpenAPIObject).openapi).toBe('3.1.0');
});
