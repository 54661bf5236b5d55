-- Deletes the events of a batch in one partition, with what makes their ids known, and counts them. The table's
-- triggers mark their days.
-- $1 dataset, $2 batch, $3 $4 first and last time of the partition (end exclusive)
WITH gone AS (
    DELETE FROM events
    WHERE dataset = $1 AND batch = $2 AND event_timestamp >= $3 AND event_timestamp < $4
    RETURNING event_id, sequence
), unknown AS (
    DELETE FROM event_identities i USING gone g
    WHERE i.dataset = $1 AND i.event_id = g.event_id AND i.sequence = g.sequence
)
SELECT count(*) FROM gone;
