-- Besides the bytes of a file, its records are known, so that the same data packed or encoded in another way are the same file.
ALTER TABLE ingest_batches
    -- SHA-256 of the file's records in canonical form, and of the first 1000 of them (RecordDigest says what it is of). Batches
    -- of earlier releases have none until their file comes again; until then they are known by `sha256` alone.
    ADD COLUMN content          bytea CHECK (octet_length(content) = 32),
    ADD COLUMN content_start    bytea CHECK (octet_length(content_start) = 32),
    -- Guesses and doubts about the file, and what was left out of it, each a sentence.
    ADD COLUMN warnings         text[] NOT NULL DEFAULT '{}';
CREATE INDEX idx_ingest_batches_start ON ingest_batches (dataset, content_start) WHERE content_start IS NOT NULL;
