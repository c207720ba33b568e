/** Filled in as kernels land. */
export interface TaskTypes { 'prepare-dataset': { input: object; output: object } }
export type TaskName = keyof TaskTypes;
export type TaskInput<N extends TaskName> = TaskTypes[N]['input'];
export type TaskOutput<N extends TaskName> = TaskTypes[N]['output'];
export declare function runTask<N extends TaskName>(task: N, input: TaskInput<N>): TaskOutput<N>;
