/** What the navigation names, in its order. */
export const TENANT_PAGES = [
  { path: '', label: 'Home' },
  { path: '/models', label: 'Models' },
  { path: '/data', label: 'Data' },
  { path: '/customers', label: 'Customers' },
  { path: '/rules', label: 'Rules and tuning' },
  { path: '/api', label: 'API' },
  { path: '/settings', label: 'Settings' },
] as const;
