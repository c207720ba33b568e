import { applyDecorators, SetMetadata } from '@nestjs/common';
import { ApiBearerAuth, ApiSecurity, ApiTags } from '@nestjs/swagger';
import { ApiProblems } from '../openapi/api-tenant-routes.decorator.js';

export const TENANT_OF_KEY = 'nightshift:tenantOfKey';

/** Name of the scheme in the OpenAPI document. */
export const API_KEY_HEADER_SCHEME = 'apiKeyHeader';

/** For addresses that name no tenant: it is the one whose key comes in `X-API-Key`, or as a bearer. */
export function TenantOfKey(tag: string): ClassDecorator {
  return applyDecorators(
    SetMetadata(TENANT_OF_KEY, true),
    ApiTags(tag),
    ApiSecurity(API_KEY_HEADER_SCHEME),
    ApiBearerAuth(),
    ApiProblems(400, 401, 403, 404, 429, 503),
  );
}
