-- Deletes the dead letters of a batch whose records came with earlier batches of its feed part already, and counts them
-- by reason. A record is known by its text and its number among equal ones.
-- $1 dataset, $2 batch, $3 feed, $4 part
WITH numbered AS (
    SELECT id, raw, row_number() OVER (PARTITION BY raw ORDER BY id) AS ordinal
    FROM dead_letters
    WHERE batch = $2
), earlier AS (
    SELECT l.raw, count(*) AS n
    FROM ingest_batches b
    JOIN dead_letters l ON l.batch = b.id
    WHERE b.dataset = $1 AND b.feed = $3 AND b.feed_part = $4 AND b.id < $2 AND b.state = 'finished'
        AND l.raw IN (SELECT raw FROM numbered)
    GROUP BY l.raw
), gone AS (
    DELETE FROM dead_letters d
    USING numbered n, earlier e
    WHERE d.id = n.id AND e.raw = n.raw AND n.ordinal <= e.n
    RETURNING d.reason
)
SELECT reason, count(*) AS n FROM gone GROUP BY reason;
