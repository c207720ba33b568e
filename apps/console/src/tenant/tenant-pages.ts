/** What the navigation names, in its order. */
export const TENANT_PAGES = [
  { path: '', label: 'Home' },
  { path: '/models', label: 'Models' },
] as const;
