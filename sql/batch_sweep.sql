-- Ends the batches whose process is gone: the ingest lock of their dataset is free, and no part is being committed. The
-- state of a row is checked again before it is written, in case the batch was finished meanwhile.
WITH running AS MATERIALIZED (
    SELECT id, dataset FROM ingest_batches WHERE state = 'running'
), abandoned AS MATERIALIZED (
    SELECT id FROM running
    WHERE pg_try_advisory_xact_lock(hashtextextended('hextant ingest ' || dataset, 0))
        AND pg_try_advisory_xact_lock(hashtextextended('hextant ingest part ' || dataset, 0))
)
UPDATE ingest_batches SET state = 'failed', error = 'interrupted', finished_at = now()
WHERE state = 'running' AND id IN (SELECT id FROM abandoned)
RETURNING id, dataset;
