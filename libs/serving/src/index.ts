export * from './answer/recommendation.js';
export * from './answer/recommendation-id.js';
export * from './answer/recommend.js';
export * from './retrieve/retrieve-list.js';
export * from './fallback/find-fallback.js';
export * from './explain/explain-source.js';
