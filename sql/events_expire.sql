-- Deletes the old events of a dataset in one partition, with what makes their ids known, and counts them.
-- $1 dataset, $2 first time of the partition, $3 its last time or that before which events are old (exclusive)
WITH gone AS (
    DELETE FROM events
    WHERE dataset = $1 AND event_timestamp >= $2 AND event_timestamp < $3
    RETURNING event_id, sequence
), unknown AS (
    DELETE FROM event_identities i USING gone g
    WHERE i.dataset = $1 AND i.event_id = g.event_id AND i.sequence = g.sequence
)
SELECT count(*) FROM gone;
