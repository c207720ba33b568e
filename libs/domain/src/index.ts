export * from './errors/nightshift-error.js';
export * from './lifecycle/lifecycle-state.js';
export * from './tenants/tenant.js';
export * from './tenants/tenant-settings.js';
