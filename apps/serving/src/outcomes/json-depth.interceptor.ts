import { Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { Observable } from 'rxjs';
import { InvalidInputError } from '#libs/domain';

/** Rows are flat; a few levels leave room for what clients add around them. */
const MAXIMUM_DEPTH = 8;

/** Runs before the validation, which walks bodies recursively: a megabyte of brackets would end in a full stack. */
@Injectable()
export class JsonDepthInterceptor implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const { body } = context.switchToHttp().getRequest<FastifyRequest>();
    if (isDeeperThan(body, MAXIMUM_DEPTH)) {
      throw new InvalidInputError(
        'tooDeep',
        `The body has more than ${MAXIMUM_DEPTH} levels of objects and lists.`,
      );
    }
    return next.handle();
  }
}

/** Exported for tests. Level by level, without recursion. */
export function isDeeperThan(value: unknown, maximumDepth: number): boolean {
  let level: unknown[] = [value];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > maximumDepth) return true;
    level = level
      .flatMap((item) => (item !== null && typeof item === 'object' ? Object.values(item) : []))
      .filter(isContainer);
  }
  return false;
}

function isContainer(value: unknown): boolean {
  return value !== null && typeof value === 'object';
}
