export * from './test-database.js';
export * from './test-tenant.js';
export * from './test-run.js';
export * from './test-night.js';
export * from './use-test-nights.js';
export * from './unpublished-night.js';
export * from './test-queues.js';
export * from './test-lists.js';
