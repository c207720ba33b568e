export * from './job-registry.js';
export * from './job-publisher.js';
export * from './job-handlers.js';
export * from './jobs.module.js';
export * from './redis-options.js';
export * from './open-queues.js';
export * from './compare-queues.js';
export * from './answer-in-time.js';
