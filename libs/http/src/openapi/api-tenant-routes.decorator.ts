import { applyDecorators } from '@nestjs/common';
import {
  ApiBearerAuth,
  ApiExtraModels,
  ApiParam,
  ApiResponse,
  ApiTags,
  getSchemaPath,
} from '@nestjs/swagger';
import { ProblemDto } from './problem.dto.js';

const DESCRIPTIONS: Readonly<Record<number, string>> = {
  400: 'Something in the request is wrong; `errors` names each field.',
  401: 'No valid API key, and nobody signed in.',
  403: 'The key lacks the scope that `detail` names, or the person the role.',
  404: 'No such tenant for this key, or nothing of this name in it.',
  409: 'The present state does not allow it.',
  412: 'Somebody else has changed it since it was read, or `If-Match` names no tag of it.',
  413: 'The body is too large.',
  415: 'The body is not of a media type that this address takes; `detail` and the header `Accept` name them.',
  423: 'Locked after too many wrong passwords.',
  428: '`If-Match` is missing.',
  429: 'Too much at once, or more than the key or the tenant may; try again after `Retry-After` seconds.',
  503: 'The database does not answer; try again after `Retry-After` seconds.',
};

/** Documents errors of a route beyond those that every tenant route can answer. */
export function ApiProblems(...statuses: readonly number[]): MethodDecorator & ClassDecorator {
  const responses = statuses.map((status) =>
    ApiResponse({
      status,
      description: DESCRIPTIONS[status],
      content: { 'application/problem+json': { schema: { $ref: getSchemaPath(ProblemDto) } } },
    }),
  );
  return applyDecorators(ApiExtraModels(ProblemDto), ...responses);
}

/** What all controllers under `/v1/tenants/{tenant}` have in common in the documentation. */
export function ApiTenantRoutes(tag: string): ClassDecorator {
  return applyDecorators(
    ApiTags(tag),
    ApiBearerAuth(),
    ApiParam({ name: 'tenant', example: 'green-grocer', description: "The tenant's name in addresses." }),
    ApiProblems(400, 401, 403, 404, 429, 503),
  );
}
