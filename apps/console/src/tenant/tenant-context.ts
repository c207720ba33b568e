import { createContext, useContext } from 'react';
import type { AccessRole } from '../api/session.js';

export interface TenantContext {
  /** The name in addresses. */
  readonly tenant: string;
  readonly name: string;
  readonly timeZone: string;
  readonly currency: string;
  readonly role: AccessRole;
  readonly mayChange: boolean;
}

const Context = createContext<TenantContext | undefined>(undefined);
export const TenantProvider = Context.Provider;

export function useTenant(): TenantContext {
  const context = useContext(Context);
  if (context === undefined) throw new Error('This belongs below a tenant.');
  return context;
}
