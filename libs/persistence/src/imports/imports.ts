export * from './file-mapping-catalogue.js';
export * from './file-rejected-row-store.js';
export * from './postgres-import-store.js';
export * from './readers/file-reader.js';
