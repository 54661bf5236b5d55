-- Ends the batches whose process is gone: nobody holds the lock of their dataset's ingests, and no part is being
-- committed. Whoever finishes a batch meanwhile has changed its row, whose state is looked at again before it is
-- written.
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
