// Days that pass in seconds: this process and its database believe the same moved clock. What a program reads as the time of day,
// `new Date()` here and now() there, is later by as much as the proof says.
import { readdirSync, statSync, utimesSync } from 'node:fs';
import path from 'node:path';
import { query } from '../platform/test-platform.ts';

const DAY_MS = 86_400_000;
const RealDate = Date;
let movedMs = 0;

class MovedDate extends RealDate {
  constructor(...values: unknown[]) {
    // A spread of nothing is the moment; everything else is what was asked for.
    super(...((values.length === 0 ? [RealDate.now() + movedMs] : values) as [number]));
  }

  static override now(): number {
    return RealDate.now() + movedMs;
  }

  static override [Symbol.hasInstance](value: unknown): boolean {
    return value instanceof RealDate;
  }
}

export class MovedClock {
  private readonly adminUrl: string;

  private constructor(adminUrl: string) {
    this.adminUrl = adminUrl;
  }

  /** For connections that are opened from now on: their now() is one of their own, found before PostgreSQL's. */
  static async install(adminUrl: string): Promise<MovedClock> {
    await query(
      adminUrl,
      `CREATE SCHEMA clock;
       CREATE TABLE clock.moved (by interval NOT NULL);
       INSERT INTO clock.moved VALUES ('0');
       CREATE FUNCTION clock.now() RETURNS timestamptz LANGUAGE sql STABLE PARALLEL SAFE
         RETURN pg_catalog.now() + (SELECT by FROM clock.moved);
       CREATE FUNCTION clock.clock_timestamp() RETURNS timestamptz LANGUAGE sql VOLATILE PARALLEL SAFE
         RETURN pg_catalog.clock_timestamp() + (SELECT by FROM clock.moved);
       GRANT USAGE ON SCHEMA clock TO PUBLIC;
       GRANT SELECT ON clock.moved TO PUBLIC;
       DO $$
       DECLARE one record;
       BEGIN
         EXECUTE format('ALTER DATABASE %I SET search_path = clock, pg_catalog, public', current_database());
         -- Defaults and policies have PostgreSQL's own clock built in.
         FOR one IN SELECT table_name, column_name FROM information_schema.columns
                     WHERE table_schema = 'public' AND column_default IN ('CURRENT_TIMESTAMP', 'now()') LOOP
           EXECUTE format('ALTER TABLE public.%I ALTER COLUMN %I SET DEFAULT clock.now()', one.table_name, one.column_name);
         END LOOP;
         FOR one IN SELECT tablename, policyname, qual FROM pg_policies WHERE schemaname = 'public' AND qual LIKE '%now()%' LOOP
           EXECUTE format('ALTER POLICY %I ON public.%I USING (%s)', one.policyname, one.tablename,
                          replace(one.qual, 'now()', 'clock.now()'));
         END LOOP;
       END $$`,
    );
    globalThis.Date = MovedDate as DateConstructor;
    return new MovedClock(adminUrl);
  }

  async moveTo(day: number): Promise<void> {
    movedMs = day * DAY_MS;
    await query(this.adminUrl, `UPDATE clock.moved SET by = make_interval(days => $1)`, [day]);
  }
}

/** The disk knows nothing of the moved clock: what was written today, and is not from the past, was written on the moved day. */
export function dateFilesOfToday(folders: readonly string[], sinceRealMs: number): void {
  const moved = new RealDate(RealDate.now() + movedMs);
  for (const folder of folders) {
    for (const place of placesBelow(folder)) {
      const { mtimeMs } = statSync(place);
      if (mtimeMs >= sinceRealMs && mtimeMs <= RealDate.now()) utimesSync(place, moved, moved);
    }
  }
}

export function realNow(): number {
  return RealDate.now();
}

function placesBelow(folder: string): string[] {
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true }).map((entry) =>
      path.join(entry.parentPath, entry.name),
    );
  } catch {
    return [];
  }
}
