import type { Page } from 'playwright-core';

interface TraceEvent {
  readonly name: string;
  readonly pid: number;
  readonly tid: number;
  /** Microseconds: on the clock, and of the thread's own CPU time. */
  readonly dur?: number;
  readonly tdur?: number;
  readonly args?: { readonly name?: string };
}

const CATEGORIES = ['toplevel', 'disabled-by-default-devtools.timeline'];
const TASKS = new Set(['RunTask', 'ThreadControllerImpl::RunTask']);

/**
 * CPU milliseconds of each task of the page's main thread meanwhile, the longest first. The clock alone would count what a crowded
 * machine gave to others in the middle of a task.
 */
export async function taskTimes(page: Page, work: () => Promise<unknown>): Promise<number[]> {
  const browser = page.context().browser()!;
  await browser.startTracing(page, { categories: CATEGORIES });
  await work();
  const trace = JSON.parse((await browser.stopTracing()).toString()) as { traceEvents: TraceEvent[] };
  const threadOf = ({ pid, tid }: TraceEvent) => `${pid}/${tid}`;
  const main = new Set(
    trace.traceEvents
      .filter(({ name, args }) => name === 'thread_name' && args?.name === 'CrRendererMain')
      .map(threadOf),
  );
  return trace.traceEvents
    .filter((event) => TASKS.has(event.name) && main.has(threadOf(event)) && event.tdur !== undefined)
    .map(({ tdur = 0 }) => tdur / 1_000)
    .sort((a, b) => b - a);
}
