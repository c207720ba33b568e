export const root: string;
export const nodeModules: string;
export const stampDir: string;
export const stateDir: string;
