ALTER TABLE ingest_batches
    -- Rejected records by the code of their reason, those without a dead letter included; null where nobody counted them.
    ADD COLUMN rejected_by_reason   jsonb,
    -- Rejected records of which no dead letter is kept, because their file had more than are kept of one.
    ADD COLUMN dead_letters_omitted bigint NOT NULL DEFAULT 0;

-- Of a batch of before, where its own letters are all that it rejected; of a file that came twice they are with its first.
UPDATE ingest_batches b SET rejected_by_reason = counted.reasons
FROM (
    SELECT batch, sum(n) AS letters, jsonb_object_agg(reason, n) AS reasons
    FROM (SELECT batch, reason, count(*) AS n FROM dead_letters WHERE remediated_at IS NULL GROUP BY batch, reason) AS open
    GROUP BY batch
) AS counted
WHERE counted.batch = b.id AND counted.letters = b.rejected;
UPDATE ingest_batches SET rejected_by_reason = '{}' WHERE rejected = 0;

-- Looked at every few seconds for batches whose process is gone.
CREATE INDEX idx_ingest_batches_running ON ingest_batches (dataset) WHERE state = 'running';
