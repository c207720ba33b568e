// How the first night is shown: a live list in a terminal, one line per change elsewhere.
import { Listr } from 'listr2';
import type { RunStage, RunStatus } from './demo.ts';

export interface Followed {
  tenant: string;
  follow(onStatus: (run: RunStatus) => void): Promise<RunStatus>;
}

const isDone = ({ status }: RunStage): boolean =>
  /^(done|finished|succeeded|completed|skipped)$/i.test(status);
const isFailed = ({ status }: RunStage): boolean => /^(failed|dead)$/i.test(status);
const isRunning = ({ status }: RunStage): boolean => /^(running|started|active|retrying)$/i.test(status);

/** `✔ snapshot ✔ validate ▸ train 43 % · evaluate · decide` */
export function describeStages({ stages }: RunStatus): string {
  return stages
    .map((stage) => {
      if (isDone(stage)) return `✔ ${stage.stage}`;
      if (isFailed(stage)) return `✘ ${stage.stage}`;
      if (!isRunning(stage)) return `· ${stage.stage}`;
      const percent = typeof stage.progress === 'number' ? ` ${Math.round(stage.progress * 100)} %` : '';
      return `▸ ${stage.stage}${percent}`;
    })
    .join('  ');
}

/** What changed between two looks, one line for each stage. */
export function describeChanges(before: RunStatus | undefined, now: RunStatus): string[] {
  return now.stages.flatMap((stage) => {
    const old = before?.stages.find((other) => other.stage === stage.stage);
    if (old?.status === stage.status || (!old && !isRunning(stage) && !isDone(stage) && !isFailed(stage)))
      return [];
    const seconds =
      stage.startedAt && stage.finishedAt
        ? ` (${((Date.parse(stage.finishedAt) - Date.parse(stage.startedAt)) / 1000).toFixed(1)} s)`
        : '';
    return [`${stage.stage} ${stage.status}${seconds}`];
  });
}

async function followLive(runs: Followed[]): Promise<RunStatus[]> {
  const results: RunStatus[] = [];
  const list = new Listr(
    runs.map(({ tenant, follow }, index) => ({
      title: tenant,
      task: async (_context: unknown, task: { title: string; output: string }): Promise<void> => {
        const run = await follow((status) => (task.output = describeStages(status)));
        results[index] = run;
        task.title = `${tenant}: ${run.status}`;
      },
      rendererOptions: { persistentOutput: true },
    })),
    { concurrent: true, exitOnError: true, registerSignalListeners: false },
  );
  await list.run();
  return results;
}

async function followPlainly(runs: Followed[], report: (message: string) => void): Promise<RunStatus[]> {
  return Promise.all(
    runs.map(async ({ tenant, follow }) => {
      let before: RunStatus | undefined;
      const run = await follow((status) => {
        for (const line of describeChanges(before, status)) report(`  ${tenant}: ${line}`);
        before = status;
      });
      report(`  ${tenant}: ${run.status}`);
      return run;
    }),
  );
}

export function followNights(
  runs: Followed[],
  { isLive, report }: { isLive: boolean; report: (message: string) => void },
): Promise<RunStatus[]> {
  return isLive ? followLive(runs) : followPlainly(runs, report);
}
