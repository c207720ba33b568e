import { readFile, rename, writeFile } from 'node:fs/promises';
import type { FeedbackEvent, TenantId } from '#libs/domain';

/** Takes the lines about these customers out of the file of refused feedback, if there are any. */
export async function removeRefused(
  path: string,
  isErased: (tenantId: TenantId, customerId: string) => boolean,
): Promise<void> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '';
    throw error;
  });
  const lines = text.split('\n').filter((line) => line !== '');
  const kept = lines.filter((line) => {
    const { tenantId, event } = JSON.parse(line) as { tenantId: TenantId; event: FeedbackEvent };
    return !isErased(tenantId, event.customerId);
  });
  if (kept.length === lines.length) return;
  await writeFile(`${path}.erasing`, kept.map((line) => `${line}\n`).join(''), { mode: 0o640, flush: true });
  await rename(`${path}.erasing`, path);
}
