ALTER TABLE ingest_batches
    -- Records that the mapping left out, by a filter or a count of 0; they are not among those received.
    ADD COLUMN filtered bigint NOT NULL DEFAULT 0;

-- What became of old jobs is of no use to the queue; workers delete them by age.
CREATE INDEX idx_jobs_finished ON jobs (finished_at) WHERE finished_at IS NOT NULL;

-- Dead letters are paged by their ids.
DROP INDEX idx_dead_letters_batch;
CREATE INDEX idx_dead_letters_batch ON dead_letters (batch, id);
