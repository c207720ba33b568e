interface PromotedVersion {
  readonly version: number;
  readonly promotedAt: Date | null;
}

/** Versions whose files stay on disk: the one in service and those that were champion last. Only they can be served again. */
export function keptOf(
  versions: readonly PromotedVersion[],
  servedVersion: number,
  keptVersions: number,
): Set<number> {
  const promoted = versions.filter((row) => row.promotedAt !== null);
  promoted.sort(
    (a, b) => (b.promotedAt?.getTime() ?? 0) - (a.promotedAt?.getTime() ?? 0) || b.version - a.version,
  );
  return new Set([servedVersion, ...promoted.slice(0, keptVersions).map((row) => row.version)]);
}
