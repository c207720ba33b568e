/** Whether a line of rejected rows has this customer's id as one of its values. */
export function mentionsCustomer(line: string, customerId: string): boolean {
  try {
    return holds(JSON.parse(line), customerId);
  } catch {
    return false; // cut short: the import that wrote it never finished
  }
}

function holds(value: unknown, customerId: string): boolean {
  if (typeof value === 'string' || typeof value === 'number') return String(value).trim() === customerId;
  if (typeof value !== 'object' || value === null) return false;
  return Object.values(value).some((inner) => holds(inner, customerId));
}
