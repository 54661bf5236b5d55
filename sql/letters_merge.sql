-- Deletes the dead letters of a batch whose records came with earlier files already. A record is known by its text and
-- its number among equal ones.
-- $1 dataset, $2 batch
WITH numbered AS (
    SELECT id, raw, row_number() OVER (PARTITION BY raw ORDER BY id) AS ordinal
    FROM dead_letters
    WHERE batch = $2
), earlier AS (
    SELECT l.raw, count(*) AS n
    FROM dead_letters l
    JOIN ingest_batches b ON b.id = l.batch
    WHERE b.dataset = $1 AND b.id <> $2 AND b.state = 'finished' AND l.raw IN (SELECT raw FROM numbered)
    GROUP BY l.raw
)
DELETE FROM dead_letters d
USING numbered n, earlier e
WHERE d.id = n.id AND e.raw = n.raw AND n.ordinal <= e.n;
