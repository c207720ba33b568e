import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { AuthenticatedRequest } from './authenticated-request.js';

/** The tenant in the address, after the guard has found that the key belongs to it. */
export const CurrentTenant = createParamDecorator(
  (_: unknown, context: ExecutionContext) => context.switchToHttp().getRequest<AuthenticatedRequest>().tenant,
);

/** Who is recorded with a change: the key's name, and its id because names can be given twice. */
export const CurrentActor = createParamDecorator((_: unknown, context: ExecutionContext) => {
  const { name, keyId } = context.switchToHttp().getRequest<AuthenticatedRequest>().user;
  return `${name} (${keyId})`;
});
