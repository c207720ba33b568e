import type { Command } from 'commander';
import {
  AccountService,
  InvalidInputError,
  MEMBER_ROLES,
  MemberRepository,
  type ListedAccount,
  type MemberRole,
} from '#libs/domain';
import { findTenant, type CommandContext } from '../command-context.js';
import type { Cell } from '../output/output.js';
import { addCommand, type RunWork } from './command-runner.js';
import { parseOneOf } from './option-parsers.js';

interface CreateOptions {
  readonly name: string;
  readonly operator?: boolean;
  readonly tenant?: string;
  readonly role: MemberRole;
  readonly json?: boolean;
}

/** Who may sign in to the console: the first operator comes from here. */
export function addAccountCommands(program: Command, run: RunWork): void {
  const account = program.command('account').description('people who sign in to the console');
  addCommand(account, 'create <email>', 'create an account; its password is shown this once')
    .requiredOption('--name <name>', 'recorded with every change the person makes')
    .option('--operator', 'operates the platform: sees the fleet')
    .option('--tenant <slug>', 'tenant that the person belongs to')
    .option(
      '--role <role>',
      `in that tenant: ${MEMBER_ROLES.join(' or ')}`,
      parseOneOf(MEMBER_ROLES),
      'admin',
    )
    .action((email: string, options: CreateOptions) =>
      run(options, async (context) => {
        const { name, operator: isOperator = false, tenant: slug, role } = options;
        const tenant = slug === undefined ? undefined : await findTenant(context, slug);
        const created = await accountsOf(context.services).create({ email, name, isOperator });
        const { accountId } = created.account;
        if (tenant !== undefined)
          await context.services.get(MemberRepository).add(tenant.id, accountId, role);
        context.output.show(
          {
            ...created.account,
            tenant: slug ?? null,
            role: slug === undefined ? null : role,
            password: created.password,
          },
          ['email', 'name', 'operator', 'tenant', 'password'],
          [[created.account.email, name, isOperator ? 'yes' : 'no', slug ?? '', created.password]],
        );
      }),
    );
  addCommand(account, 'list', 'list everybody who may sign in').action((options: { json?: boolean }) =>
    run(options, async ({ services, output }) => {
      const accounts = await accountsOf(services).list();
      const head = ['email', 'name', 'operator', 'tenants', 'locked until', 'disabled'];
      output.show({ accounts: accounts.map(describe) }, head, accounts.map(rowOf));
    }),
  );
  const changes: readonly [string, string, (service: AccountService, email: string) => Promise<void>][] = [
    [
      'unlock',
      'let somebody in again after too many wrong passwords',
      (service, email) => service.unlock(email),
    ],
    [
      'disable',
      'sign somebody out everywhere, and let them in no more',
      (service, email) => service.disable(email),
    ],
    ['enable', 'let somebody sign in again', (service, email) => service.enable(email)],
  ];
  for (const [verb, description, change] of changes)
    addCommand(account, `${verb} <email>`, description).action((email: string, options: { json?: boolean }) =>
      run(options, async ({ services, output }) => {
        await change(accountsOf(services), email);
        output.show({ email, done: verb }, ['email', 'done'], [[email, verb]]);
      }),
    );
  addCommand(account, 'reset-password <email>', 'a new password, shown this once; ends every session').action(
    (email: string, options: { json?: boolean }) =>
      run(options, async ({ services, output }) => {
        const password = await accountsOf(services).resetPassword(email);
        output.show({ email, password }, ['email', 'password'], [[email, password]]);
      }),
  );
}

/** @throws InvalidInputError where the environment names no login for accounts */
function accountsOf(services: CommandContext['services']): AccountService {
  const service: AccountService | null = services.get(AccountService);
  if (service !== null) return service;
  throw new InvalidInputError('accountsDatabaseMissing', 'ACCOUNTS_DATABASE_URL must be set for this.');
}

/** The internal numbers of tenants never leave the platform. */
function describe({ memberships, ...account }: ListedAccount): object {
  const { lockedUntil = null, disabledAt = null } = account;
  return {
    ...account,
    ...{ lockedUntil, disabledAt },
    memberships: memberships.map(({ tenant, role }) => ({ tenant, role })),
  };
}

function rowOf({ email, name, isOperator, memberships, lockedUntil, disabledAt }: ListedAccount): Cell[] {
  const tenants = memberships.map(({ tenant, role }) => `${tenant} (${role})`).join(', ');
  return [email, name, isOperator ? 'yes' : 'no', tenants, lockedUntil, disabledAt];
}
