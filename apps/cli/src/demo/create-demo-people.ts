import { AccountService, MemberRepository, TenantRepository, type MemberRole } from '#libs/domain';
import type { CommandContext } from '../command-context.js';
import type { DemoSecrets } from './demo-secrets.js';

export interface DemoPerson {
  readonly email: string;
  readonly role: MemberRole | 'operator';
  /** Null when it was made on another machine, or by hand. */
  readonly password: string | null;
}

const PEOPLE = [
  { email: 'anna@demo.example', name: 'Anna Adler', role: 'admin' },
  { email: 'ben@demo.example', name: 'Ben Brook', role: 'analyst' },
  { email: 'olga@demo.example', name: 'Olga Otto', role: 'operator' },
] as const;

/** Somebody of each role who can sign in to the console; nobody where the environment has no login for accounts. */
export async function createDemoPeople(
  context: CommandContext,
  passwords: DemoSecrets,
  tenants: readonly string[],
): Promise<DemoPerson[]> {
  const accounts: AccountService | null = context.services.get(AccountService);
  if (accounts === null) return [];
  const known = new Map((await accounts.list()).map((account) => [account.email, account]));
  const people: DemoPerson[] = [];
  for (const { email, name, role } of PEOPLE) {
    let person: Belonging | undefined = known.get(email);
    if (person === undefined) {
      const { account, password } = await accounts.create({ email, name, isOperator: role === 'operator' });
      await passwords.keep(email, password);
      person = { accountId: account.accountId, memberships: [] };
    }
    if (role !== 'operator') await join(context, person, role, tenants);
    people.push({ email, role, password: passwords.find(email) ?? null });
  }
  return people;
}

interface Belonging {
  readonly accountId: string;
  readonly memberships: readonly { readonly tenant: string }[];
}

async function join(
  { services }: CommandContext,
  { accountId, memberships }: Belonging,
  role: MemberRole,
  tenants: readonly string[],
): Promise<void> {
  for (const slug of tenants) {
    if (memberships.some(({ tenant }) => tenant === slug)) continue;
    const tenant = await services.get(TenantRepository).findBySlug(slug);
    if (tenant !== undefined) await services.get(MemberRepository).add(tenant.id, accountId, role);
  }
}
