import type { CustomerSelector, Trait } from '#libs/domain';

/** A customer as rules see them: what the tenant knows, and over it the facts that a request brings. */
export interface RuledCustomer {
  readonly customerId: string | undefined;
  readonly traits: Readonly<Record<string, Trait>>;
  /** Products of the file that they bought or have in the basket. */
  readonly owned: Iterable<number>;
}

/** Whether a selector means this customer; the absent selector means everybody. */
export function isMeant(
  { customerId, traits }: RuledCustomer,
  selector: CustomerSelector | undefined,
): boolean {
  if (selector === undefined) return true;
  const { customerIds, traits: wanted = {} } = selector;
  if (customerIds !== undefined && (customerId === undefined || !customerIds.includes(customerId)))
    return false;
  return Object.entries(wanted).every(([name, values]) => {
    const value = Object.hasOwn(traits, name) ? traits[name] : undefined;
    // Texts and numbers mean the same in a form and in a file.
    return value !== undefined && values.some((one) => String(one) === String(value));
  });
}
