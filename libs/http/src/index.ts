export * from './problem-details.js';
export * from './problem-details.filter.js';
export * from './validation-pipe.js';
export * from './configure-http.js';
export * from './is-plain-text.js';
