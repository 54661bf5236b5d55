-- Adds the counts of a batch to the run of its feed and to the totals since ever.
-- $1 run, $2 accepted, $3 duplicate, $4 rejected, $5 removed
WITH run AS (
    UPDATE feed_runs
    SET batches = batches + 1, accepted = accepted + $2, duplicate = duplicate + $3, rejected = rejected + $4,
        removed = removed + $5
    WHERE id = $1 AND state = 'running'
    RETURNING dataset, feed
), totals AS (
    INSERT INTO feed_totals AS t (dataset, feed, outcome, total)
    SELECT dataset, feed, outcome, n
    FROM run
    CROSS JOIN (VALUES ('accepted', $2::bigint), ('duplicate', $3), ('rejected', $4), ('removed', $5)) AS v (outcome, n)
    WHERE n > 0
    ON CONFLICT (dataset, feed, outcome) DO UPDATE SET total = t.total + excluded.total
)
SELECT count(*) FROM run;
