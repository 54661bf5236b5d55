DROP TABLE feed_totals, feed_runs, feed_seen, feed_checkpoints;
DROP INDEX idx_ingest_batches_feed;
ALTER TABLE ingest_batches
    DROP COLUMN feed, DROP COLUMN feed_part, DROP COLUMN source_address, DROP COLUMN retrieved_at;
