DROP INDEX idx_ingest_batches_start;
ALTER TABLE ingest_batches DROP COLUMN content, DROP COLUMN content_start, DROP COLUMN warnings;
