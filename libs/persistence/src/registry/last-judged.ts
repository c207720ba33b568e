import type { JudgedRun, TrainedFile, TenantId } from '#libs/domain';
import type { TenantPrisma } from '../database/tenant-database.js';

interface JudgedRow {
  readonly run_id: string;
  readonly data_at: Date;
  readonly interactions: number;
  readonly inputs: string | null;
  readonly version: number;
  readonly neighbours: TrainedFile | null;
}

/** The newest run that ended with a verdict on its training, or found the training before it still good. */
export async function lastJudged(prisma: TenantPrisma, tenantId: TenantId): Promise<JudgedRun | undefined> {
  const [row] = await prisma.$queryRaw<JudgedRow[]>`
    SELECT r.run_id::text, s.started_at AS data_at, (s.output->>'interactions')::integer AS interactions,
           t.output->>'inputs' AS inputs, (d.output#>>'{winner,version}')::integer AS version,
           COALESCE(t.output#>'{models,item-cf}', t.output->'neighbours') AS neighbours
    FROM run r
    JOIN run_stage s ON s.tenant_id = r.tenant_id AND s.run_id = r.run_id AND s.stage = 'snapshot'
    JOIN run_stage t ON t.tenant_id = r.tenant_id AND t.run_id = r.run_id AND t.stage = 'train'
    JOIN run_stage d ON d.tenant_id = r.tenant_id AND d.run_id = r.run_id AND d.stage = 'decide'
    WHERE r.tenant_id = ${tenantId} AND r.status = 'succeeded' AND r.outcome IN ('promoted', 'kept', 'unchanged')
    ORDER BY r.started_at DESC LIMIT 1`;
  if (row === undefined) return undefined;
  const { run_id: runId, data_at: dataAt, interactions, inputs, version, neighbours } = row;
  return {
    ...{ runId, dataAt, interactions, version },
    ...{ inputs: inputs ?? undefined, neighbours: neighbours === null ? undefined : trainedFile(neighbours) },
  };
}

function trainedFile({ file, sha256 }: TrainedFile): TrainedFile {
  return { file, sha256 };
}
