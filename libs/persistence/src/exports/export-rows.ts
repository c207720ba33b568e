import type { ExportOptions, ListExport } from '#libs/domain';
import type { ListExport as Row } from '../generated/client.js';

export function toListExport(row: Row): ListExport {
  const { exportId, status, requestedBy, requestedAt, progress, attempt, customers, recommended, rows } = row;
  return {
    ...{ exportId, status, requestedBy, requestedAt, progress, attempt, customers, recommended, rows },
    options: row.options as unknown as ExportOptions,
    modelVersion: row.modelVersion ?? undefined,
    bytes: row.bytes === null ? undefined : Number(row.bytes),
    sha256: row.sha256 ?? undefined,
    startedAt: row.startedAt ?? undefined,
    finishedAt: row.finishedAt ?? undefined,
    expiresAt: row.expiresAt ?? undefined,
    errorCode: row.errorCode ?? undefined,
    errorMessage: row.errorMessage ?? undefined,
  };
}
