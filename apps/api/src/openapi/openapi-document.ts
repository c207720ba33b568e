import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';

const DESCRIPTION = `The control plane of Nightshift: a tenant's data, nights, models and keys.

Send an API key of the tenant with every request: \`Authorization: Bearer ns_live_…\`. Errors are problem details
(RFC 9457); \`code\` is stable, \`instance\` is the request id to quote. Recommendations are asked of the data plane.`;

/** OpenAPI at /docs/openapi.json, and a page to read and try it at /docs. */
export function setUpOpenApi(app: NestFastifyApplication): void {
  const options = new DocumentBuilder()
    .setTitle('Nightshift control plane')
    .setDescription(DESCRIPTION)
    .setVersion('1')
    .addBearerAuth({ type: 'http', scheme: 'bearer', bearerFormat: 'ns_live_<id>_<secret>' })
    .build();
  const document = () => SwaggerModule.createDocument(app, options);
  SwaggerModule.setup('docs', app, document, { jsonDocumentUrl: 'docs/openapi.json', raw: ['json'] });
}
