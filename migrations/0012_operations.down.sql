DROP INDEX idx_jobs_finished;
ALTER TABLE ingest_batches DROP COLUMN filtered;
