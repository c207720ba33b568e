/** Folder of the committed kernels. */
export const KERNELS: string;
/** The folder's files, by name, as the sources say they should be. */
export function buildKernels(): Promise<Record<string, Buffer>>;
