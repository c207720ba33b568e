import { queryOptions } from '@tanstack/react-query';
import type { ApiComponents } from '#libs/client';
import { answerOf, client, rememberCsrfToken } from './client.js';
import { isProblem } from './problem.js';

type Schemas = ApiComponents['schemas'];
export type Session = Schemas['SessionDto'];
export type Role = Schemas['MembershipDto']['role'];

/** Null: nobody has signed in. */
export const sessionQuery = queryOptions({
  queryKey: ['session'],
  staleTime: 60_000,
  async queryFn(): Promise<Session | null> {
    try {
      return keep(await answerOf(client.GET('/v1/session')));
    } catch (error) {
      if (isProblem(error, 401)) return keep(null);
      throw error;
    }
  },
});

export async function signIn(email: string, password: string): Promise<Session> {
  return keep(await answerOf(client.POST('/v1/session', { body: { email, password } })));
}

export async function signOut(): Promise<void> {
  await answerOf(client.DELETE('/v1/session'));
  keep(null);
}

export const providersQuery = queryOptions({
  queryKey: ['session', 'providers'],
  staleTime: Infinity,
  queryFn: async () => (await answerOf(client.GET('/v1/session/providers'))).providers,
});

const ofInvitation = (token: string) => ({ params: { path: { token } } });

export const invitationQuery = (token: string) =>
  queryOptions({
    queryKey: ['invitation', token],
    queryFn: () => answerOf(client.GET('/v1/invitations/{token}', ofInvitation(token))),
  });

export async function acceptInvitation(token: string, name: string, password: string): Promise<Session> {
  const request = { ...ofInvitation(token), body: { name, password } };
  return keep(await answerOf(client.POST('/v1/invitations/{token}', request)));
}

function keep<T extends Session | null>(session: T): T {
  rememberCsrfToken(session?.csrfToken);
  return session;
}

export type AccessRole = Role | 'visitor';

/** How somebody may act in a tenant; undefined where it is none of their business. */
export function roleIn(session: Session, tenant: string): AccessRole | undefined {
  const membership = session.memberships.find((candidate) => candidate.tenant === tenant);
  if (membership !== undefined) return membership.role;
  return session.visits.some((visit) => visit.tenant === tenant) ? 'visitor' : undefined;
}

export function nameOfTenant(session: Session, tenant: string): string {
  const places = [...session.memberships, ...session.visits];
  return places.find((place) => place.tenant === tenant)?.tenantName ?? tenant;
}
