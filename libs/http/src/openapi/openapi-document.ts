import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import { SESSION_SCHEME } from '../authentication/people-only.decorator.js';
import { API_KEY_HEADER_SCHEME } from '../authentication/tenant-of-key.decorator.js';
import { toOpenApi31 } from './open-api-31.js';

export interface OpenApiOptions {
  readonly title: string;
  /** What this process is for; how to authenticate and what errors look like is added. */
  readonly description: string;
  /** Name of the session's cookie, where people sign in. */
  readonly sessionCookie?: string;
}

const COMMON = `Send an API key of the tenant with every request: \`Authorization: Bearer ns_live_…\`. Errors are problem details
(RFC 9457); \`code\` is stable, \`instance\` is the request id to quote.`;

/** OpenAPI at /docs/openapi.json, and a page to read and try it at /docs. */
export function setUpOpenApi(
  app: NestFastifyApplication,
  { title, description, sessionCookie }: OpenApiOptions,
): void {
  const builder = new DocumentBuilder()
    .setTitle(title)
    .setDescription(`${description}\n\n${COMMON}`)
    .setVersion('1')
    .addBearerAuth({ type: 'http', scheme: 'bearer', bearerFormat: 'ns_live_<id>_<secret>' })
    .addApiKey({ type: 'apiKey', in: 'header', name: 'X-API-Key' }, API_KEY_HEADER_SCHEME);
  if (sessionCookie !== undefined) builder.addCookieAuth(sessionCookie, undefined, SESSION_SCHEME);
  const options = builder.build();
  const document = () => toOpenApi31(SwaggerModule.createDocument(app, options));
  SwaggerModule.setup('docs', app, document, { jsonDocumentUrl: 'docs/openapi.json', raw: ['json'] });
}
