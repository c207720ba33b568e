import { KEY_SCOPES } from '../keys/api-key.js';
import { csrfTokenOf, normaliseEmail, scopesIn, type SignedIn } from './account.js';
import { checkPassword } from './password-rules.js';
import { UnknownAddresses } from './unknown-addresses.js';

const account = { accountId: 'a', email: 'anna@shop.example', name: 'Anna Adler', isOperator: false };
const session = { memberships: [], visits: [], expiresAt: new Date(), csrfToken: 'c' };
const visit = {
  ...{ visitId: 'v', tenantId: 2, tenant: 'other', tenantName: 'Other', operator: 'Olga', reason: 'r' },
  ...{ startedAt: new Date(), until: new Date(), endedAt: undefined },
};
const member = (tenantId: number, role: 'admin' | 'analyst') => ({
  ...{ tenantId, tenant: 'own', tenantName: 'Own', role },
});

test('an admin has every scope, an analyst looks only, and nobody has anything elsewhere', () => {
  const signedIn: SignedIn = { ...session, account, memberships: [member(1, 'admin'), member(3, 'analyst')] };
  expect(scopesIn(signedIn, 1)).toEqual({ scopes: KEY_SCOPES, actor: 'Anna Adler <anna@shop.example>' });
  expect(scopesIn(signedIn, 3)?.scopes).toEqual(['read']);
  expect(scopesIn(signedIn, 2)).toBeUndefined();
});

test('an operator comes in on a visit, and is recorded so; a visit of somebody who is none any more opens nothing', () => {
  const operator = { ...account, isOperator: true };
  expect(scopesIn({ ...session, account: operator, visits: [visit] }, 2)?.actor).toMatch(
    /operator on a visit$/,
  );
  expect(scopesIn({ ...session, account: operator, visits: [visit] }, 1)).toBeUndefined();
  expect(scopesIn({ ...session, account, visits: [visit] }, 2)).toBeUndefined();
});

test.each([
  [' Anna@Shop.Example ', 'anna@shop.example'],
  ['a+b@x.co', 'a+b@x.co'],
  ['anna', undefined],
  ['anna@shop', undefined],
  ['a b@shop.example', undefined],
  ['<a@shop.example>', undefined],
  [`${'a'.repeat(250)}@shop.example`, undefined],
])('the address %j is %j', (text, expected) => expect(normaliseEmail(text)).toBe(expected));

test('each session has a token of its own for changes', () => {
  expect(csrfTokenOf('one')).toMatch(/^[\w-]{43}$/);
  expect(csrfTokenOf('one')).not.toBe(csrfTokenOf('two'));
});

test.each([
  ['short', 'at least 12'],
  ['aaaaaaaaaaaaaaaa', 'same few characters'],
  ['x'.repeat(300), 'at most 256'],
  ['anna-adler-anna', 'own name'],
])('the password %j is refused', (password, why) => {
  expect(() => checkPassword(password, account)).toThrow(why);
});

test('a long password of any characters will do', () => {
  expect(() => checkPassword('seven quiet ferries', account)).not.toThrow();
  expect(() => checkPassword('日本語のパスワードです。長い', account)).not.toThrow();
});

test('addresses that nobody has are locked like accounts, and opened by time', () => {
  const unknown = new UnknownAddresses(3, 60_000);
  const at = (seconds: number) => new Date(seconds * 1000);
  expect(unknown.noteFailure('x', at(0))).toBeUndefined();
  expect(unknown.noteFailure('x', at(1))).toBeUndefined();
  expect(unknown.noteFailure('y', at(1))).toBeUndefined();
  expect(unknown.noteFailure('x', at(2))).toEqual(at(62));
  expect(unknown.noteFailure('x', at(61))).toEqual(at(62));
  expect(unknown.noteFailure('x', at(63))).toBeUndefined();
});
