import { Tag, type Tone } from '../../parts/tag.js';
import type { RunSummary } from '../queries.js';

const TONES: Readonly<Record<string, Tone>> = {
  running: 'accent',
  retrying: 'warn',
  succeeded: 'good',
  failed: 'bad',
};

export function RunStatusTag({ run }: { run: RunSummary }) {
  return (
    <>
      <Tag tone={TONES[run.status] ?? 'plain'}>{run.status}</Tag> {run.late && <Tag tone="warn">late</Tag>}
    </>
  );
}
