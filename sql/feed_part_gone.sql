-- Deletes the events of a feed part that its newest reading as a whole did not bring. Those that it brought are in
-- table `incoming`, or in `feed_seen` where it took several batches. The table's triggers mark their days.
-- $1 dataset, $2 first batch of the reading, $3 $4 first and last time of events that the part ever brought, $5 feed,
-- $6 part, $7 whether events without an id are all new ones
WITH older AS MATERIALIZED (
    SELECT id FROM ingest_batches WHERE dataset = $1 AND feed = $5 AND feed_part = $6 AND id < $2
), gone AS (
    DELETE FROM events e
    WHERE e.dataset = $1 AND e.event_timestamp >= $3 AND e.event_timestamp <= $4
        AND e.batch IN (SELECT id FROM older)
        AND (
            e.event_id IS NULL AND $7
            OR e.event_id IS NOT NULL
                AND NOT EXISTS (SELECT FROM incoming i WHERE i.event_id = e.event_id)
                AND NOT EXISTS (
                    SELECT FROM feed_seen s
                    WHERE s.dataset = $1 AND s.feed = $5 AND s.part = $6 AND s.event_id = e.event_id))
    RETURNING e.event_id, e.sequence
), unknown AS (
    DELETE FROM event_identities i
    USING gone g
    WHERE i.dataset = $1 AND i.event_id = g.event_id AND i.sequence = g.sequence
), letters AS (
    DELETE FROM dead_letters WHERE batch IN (SELECT id FROM older)
)
SELECT count(*) FROM gone;
