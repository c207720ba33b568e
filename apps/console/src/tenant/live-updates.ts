import { useQueryClient, type QueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { tenantKey } from './queries.js';

/** Which questions are asked again; a run that moves on says nothing new about customers or rules. */
const ABOUT: Readonly<Record<string, readonly (readonly string[])[]>> = {
  run: [['runs'], ['models']],
  verdict: [['verdicts'], ['models']],
  state: [['summary'], ['lifecycle']],
  model: [['summary'], ['models'], ['verdicts']],
  rules: [['rules'], ['reranking']],
  import: [['imports'], ['summary']],
  settings: [['settings'], ['summary']],
};

const FIRST_DELAY_MS = 3_000;
const LONGEST_DELAY_MS = 60_000;

/**
 * The server says what has changed, and the page asks at once. Only while it is looked at: a browser has few connections for one
 * address. Whoever comes back to it asks for everything.
 */
export function useLiveUpdates(tenant: string): void {
  const queryClient = useQueryClient();
  useEffect(() => {
    const stream = new LiveStream(tenant, (topic) => refetch(queryClient, tenant, topic));
    const follow = () => (document.visibilityState === 'visible' ? stream.open() : stream.close());
    follow();
    document.addEventListener('visibilitychange', follow);
    return () => {
      document.removeEventListener('visibilitychange', follow);
      stream.close();
    };
  }, [tenant, queryClient]);
}

class LiveStream {
  private source: EventSource | undefined;
  private timer: number | undefined;
  private delayMs = FIRST_DELAY_MS;
  /** What the page has just asked need not be asked again. */
  private isFirst = true;

  constructor(
    private readonly tenant: string,
    private readonly onChanged: (topic: string | undefined) => void,
  ) {}

  open(): void {
    if (this.source !== undefined) return;
    const source = new EventSource(`/v1/tenants/${encodeURIComponent(this.tenant)}/events`);
    this.source = source;
    source.addEventListener('changed', ({ data }: MessageEvent<string>) => this.hear(topicOf(data)));
    source.addEventListener('error', () => {
      // The browser comes back by itself unless it was refused.
      if (source.readyState !== EventSource.CLOSED) return;
      this.close();
      this.timer = window.setTimeout(() => this.open(), this.delayMs);
      this.delayMs = Math.min(LONGEST_DELAY_MS, 2 * this.delayMs);
    });
  }

  close(): void {
    window.clearTimeout(this.timer);
    this.source?.close();
    this.source = undefined;
  }

  private hear(topic: string | undefined): void {
    this.delayMs = FIRST_DELAY_MS;
    const isBeginning = this.isFirst && topic === 'gap';
    this.isFirst = false;
    if (!isBeginning) this.onChanged(topic);
  }
}

function refetch(queryClient: QueryClient, tenant: string, topic: string | undefined): void {
  const own = tenantKey(tenant);
  const about = topic === undefined ? undefined : ABOUT[topic];
  for (const queryKey of about?.map((key) => [...own, ...key]) ?? [own])
    void queryClient.invalidateQueries({ queryKey });
}

function topicOf(data: string): string | undefined {
  try {
    return (JSON.parse(data) as { topic?: string }).topic;
  } catch {
    return undefined;
  }
}
