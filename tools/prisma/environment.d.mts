export const PRISMA_CLI: string;
export function prismaEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv;
