-- Deletes the expenditures of a feed part that its newest reading as a whole did not bring. Those that it brought are
-- in table `incoming_expenditures`, or in `feed_seen` where it took several batches.
-- $1 dataset, $2 first batch of the reading, $3 feed, $4 part
WITH older AS MATERIALIZED (
    SELECT id FROM ingest_batches WHERE dataset = $1 AND feed = $3 AND feed_part = $4 AND id < $2
), gone AS (
    DELETE FROM expenditures e
    WHERE e.dataset = $1
        AND e.batch_id IN (SELECT id FROM older)
        AND NOT EXISTS (SELECT FROM incoming_expenditures i WHERE i.source_id = e.source_id)
        AND NOT EXISTS (
            SELECT FROM feed_seen s
            WHERE s.dataset = $1 AND s.feed = $3 AND s.part = $4 AND s.event_id = e.source_id)
    RETURNING 1
), letters AS (
    DELETE FROM dead_letters WHERE batch IN (SELECT id FROM older)
)
SELECT count(*) FROM gone;
