import { SetMetadata } from '@nestjs/common';
import type { KeyScope } from '#libs/domain';

export const REQUIRED_SCOPE = 'nightshift:requiredScope';

/** The key needs this scope. A route that names none is open to nobody. */
export function RequireScope(scope: KeyScope): MethodDecorator & ClassDecorator {
  return SetMetadata(REQUIRED_SCOPE, scope);
}
