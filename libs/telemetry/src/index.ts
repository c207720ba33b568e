export * from './logging/logging.module.js';
export * from './metrics/metrics-registry.js';
export * from './metrics/metrics.controller.js';
export * from './metrics/metrics.module.js';
export * from './metrics/http-metrics.js';
export * from './health/readiness.js';
export * from './health/health.controller.js';
export * from './health/health.module.js';
