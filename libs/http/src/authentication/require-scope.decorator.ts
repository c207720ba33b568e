import { applyDecorators, SetMetadata } from '@nestjs/common';
import { ApiExtension } from '@nestjs/swagger';
import type { KeyScope } from '#libs/domain';

export const REQUIRED_SCOPES = 'nightshift:requiredScopes';

/** The key needs one of these scopes. A route that names none needs `admin`. */
export function RequireScope(...anyOf: readonly KeyScope[]): MethodDecorator & ClassDecorator {
  return applyDecorators(SetMetadata(REQUIRED_SCOPES, anyOf), ApiExtension('x-required-scope', [...anyOf]));
}
