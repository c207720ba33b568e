/**
 * Algorithms on files, without a platform: reading, evaluating, and errors that name file, line and field.
 */
export * from './evaluation-request.js';
export type { DataFile } from './files/data-file.js';
export { readTrials } from './files/read-trials.js';
export { loadDataset, type OfflineDataset } from './load-dataset.js';
export { parseParams } from './parse-params.js';
export type { EvaluationTools } from './measurement.js';
export { runEvaluation } from './run-evaluation.js';
export { runTuning, type TuningReport, type TuningRequest } from './run-tuning.js';
