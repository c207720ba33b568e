import { applyDecorators, SetMetadata } from '@nestjs/common';
import { ApiCookieAuth, ApiExtension, ApiTags } from '@nestjs/swagger';
import { ApiProblems } from '../openapi/api-tenant-routes.decorator.js';

export const PEOPLE_ONLY = 'nightshift:peopleOnly';
export type PeopleOnly = 'signedIn' | 'operators';

/** Name of the scheme in the OpenAPI document. */
export const SESSION_SCHEME = 'session';

/** For addresses of no tenant that are about the person: a session opens them, a key does not. */
export function ForSignedIn(tag: string): ClassDecorator & MethodDecorator {
  return peopleOnly('signedIn', tag, 401);
}

/** For addresses of the fleet. */
export function ForOperators(tag: string): ClassDecorator & MethodDecorator {
  return peopleOnly('operators', tag, 401, 403);
}

function peopleOnly(who: PeopleOnly, tag: string, ...statuses: number[]): ClassDecorator & MethodDecorator {
  return applyDecorators(
    SetMetadata(PEOPLE_ONLY, who),
    ApiTags(tag),
    ApiExtension('x-required-person', who),
    ApiCookieAuth(SESSION_SCHEME),
    ApiProblems(400, ...statuses, 429, 503),
  );
}
