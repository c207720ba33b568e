import { Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import { Observable } from 'rxjs';
import { actingAs, nameOfActor } from '#libs/domain';
import type { AuthenticatedRequest } from './authenticated-request.js';

/** What a handler changes is recorded under the name of who asked. */
@Injectable()
export class ActorInterceptor implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const { user, signedIn } = context.switchToHttp().getRequest<Partial<AuthenticatedRequest>>();
    const actor = user?.actor ?? (signedIn && nameOfActor(signedIn.account));
    if (actor === undefined) return next.handle();
    return new Observable((subscriber) => actingAs(actor, () => next.handle().subscribe(subscriber)));
  }
}
