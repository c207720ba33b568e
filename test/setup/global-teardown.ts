import type { TestServices } from './global-setup.ts';

export default async function globalTeardown(): Promise<void> {
  const holder = globalThis as { nightshiftTestServices?: TestServices | undefined };
  const services = holder.nightshiftTestServices;
  holder.nightshiftTestServices = undefined;
  await services?.stop();
}
