import { applyDecorators, SetMetadata } from '@nestjs/common';
import { ApiExtension } from '@nestjs/swagger';

export const OPEN_TO_MEMBERS = 'nightshift:openToMembers';

/** Beside keys with the required scope, everybody who belongs to the tenant may do this, analysts too. */
export function OpenToMembers(): MethodDecorator & ClassDecorator {
  return applyDecorators(SetMetadata(OPEN_TO_MEMBERS, true), ApiExtension('x-open-to-members', true));
}
