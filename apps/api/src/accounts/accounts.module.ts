import { randomUUID } from 'node:crypto';
import { Module } from '@nestjs/common';
import { Environment } from '#libs/config';
import {
  AccountRepository,
  AccountService,
  MemberRepository,
  MemberService,
  OperatorVisitRepository,
  OperatorVisitService,
  PasswordHasher,
  SessionRepository,
  SessionService,
} from '#libs/domain';
import { InvitationsController } from './invitations.controller.js';
import { MembersController } from './members.controller.js';
import { OpenIdProvider } from './open-id-provider.js';
import { OpenIdController } from './open-id.controller.js';
import { OperatorsController } from './operators.controller.js';
import { SessionCookie } from './session-cookie.js';
import { SessionController } from './session.controller.js';
import { SignInBrake } from './sign-in-brake.js';

@Module({
  controllers: [
    SessionController,
    OpenIdController,
    InvitationsController,
    MembersController,
    OperatorsController,
  ],
  providers: [
    {
      provide: SessionService,
      inject: [AccountRepository, SessionRepository, PasswordHasher],
      useFactory: (...ports: ConstructorParameters<typeof SessionService>) => new SessionService(...ports),
    },
    {
      provide: AccountService,
      inject: [AccountRepository, SessionRepository, PasswordHasher],
      useFactory: (...ports: ConstructorParameters<typeof AccountService>) => new AccountService(...ports),
    },
    {
      provide: MemberService,
      inject: [MemberRepository, AccountRepository, SessionService, PasswordHasher],
      useFactory: (
        members: MemberRepository,
        accounts: AccountRepository,
        sessions: SessionService,
        hasher: PasswordHasher,
      ) => new MemberService(members, accounts, sessions, hasher, randomUUID),
    },
    {
      provide: OperatorVisitService,
      inject: [OperatorVisitRepository],
      useFactory: (visits: OperatorVisitRepository) => new OperatorVisitService(visits, randomUUID),
    },
    {
      provide: OpenIdProvider,
      inject: [Environment],
      useFactory: (environment: Environment) => new OpenIdProvider(environment),
    },
    {
      provide: SessionCookie,
      inject: [Environment],
      useFactory: (environment: Environment) => new SessionCookie(environment),
    },
    { provide: SignInBrake, useFactory: () => new SignInBrake() },
  ],
  exports: [SessionService, SessionCookie, MemberService, OperatorVisitService],
})
export class AccountsModule {}
