-- Snapshots read interactions in byte order of their ids, the same on every machine. The primary key is in the column's order: with
-- this one it is read as it stands, and nothing is sorted. Rows stay as they are, the index is built anew.
ALTER TABLE "interaction" ALTER COLUMN "event_id" TYPE TEXT COLLATE "C";
