export { NightshiftClient, type Answer, type ClientOptions } from './nightshift-client.js';
export { NightshiftProblem, type ProblemBody } from './nightshift-problem.js';
export type { paths as ServingPaths, components as ServingComponents } from './generated/serving.js';
export type { paths as ApiPaths, components as ApiComponents } from './generated/api.js';
