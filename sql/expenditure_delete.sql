-- Deletes an expenditure, if its sender still has the right to and it still has the version that was read.
-- $1 session and $2 hash of the key of the sender or NULL, $3 dataset, $4 id, $5 version or NULL for any
WITH target AS MATERIALIZED (
    -- Locked before all else: a dataset that is being deleted is gone then, and does not keep a row; and of two writers
    -- none waits for a lock that the other one needs.
    SELECT slug FROM datasets WHERE slug = $3 AND holds = 'expenditures' FOR NO KEY UPDATE
), held AS MATERIALIZED (
    -- A command has no session and no key, and needs no right.
    SELECT $1::bigint IS NULL AND $2::bytea IS NULL OR hold_right($1, $2, $3) AS is_held
    FROM (SELECT count(*) FROM target) AS locked
), gone AS (
    DELETE FROM expenditures
    USING target, held
    WHERE dataset = target.slug AND id = $4 AND ($5::bigint IS NULL OR version = $5) AND is_held
    RETURNING id
), raised AS (
    UPDATE datasets SET expenditures_version = expenditures_version + 1
    WHERE slug = $3 AND EXISTS (SELECT FROM gone)
)
SELECT is_held, (SELECT count(*) FROM gone) AS gone FROM held;
