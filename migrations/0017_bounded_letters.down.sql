DROP INDEX idx_ingest_batches_running;
ALTER TABLE ingest_batches DROP COLUMN dead_letters_omitted, DROP COLUMN rejected_by_reason;
