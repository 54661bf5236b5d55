DROP INDEX idx_dead_letters_batch;
CREATE INDEX idx_dead_letters_batch ON dead_letters (batch, line_number);
DROP INDEX idx_jobs_finished;
ALTER TABLE ingest_batches DROP COLUMN filtered;
