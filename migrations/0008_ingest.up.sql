ALTER TABLE ingest_batches
    -- The file's header line, so that a dead letter can be read again as the record it was; empty where a format has none.
    ADD COLUMN header           text NOT NULL DEFAULT '',
    -- What the sender of an upload called it, so that sending it again answers with the same batch.
    ADD COLUMN idempotency_key  text CHECK (idempotency_key <> '');
CREATE UNIQUE INDEX idx_ingest_batches_key ON ingest_batches (dataset, idempotency_key)
    WHERE idempotency_key IS NOT NULL AND state = 'finished';

GRANT SELECT ON ingest_batches, dead_letters TO hextant_reader;
