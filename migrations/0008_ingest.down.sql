REVOKE SELECT ON ingest_batches, dead_letters FROM hextant_reader;
DROP INDEX idx_ingest_batches_key;
ALTER TABLE ingest_batches DROP COLUMN header, DROP COLUMN idempotency_key;
