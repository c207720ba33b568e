export * from './database/postgres-pool.js';
export * from './database/tenant-database.js';
