-- What is stored of a dataset of expenditures, and how its batches went.
-- $1 dataset
SELECT
    d.expenditures_version AS version, e.rows, e.first_entered, e.last_entered, e.total,
    b.batches, b.failed, b.accepted, b.duplicate, b.rejected, b.open_letters, b.running, b.last_finished
FROM datasets d
CROSS JOIN (
    SELECT count(*) AS rows, min(entered) AS first_entered, max(entered) AS last_entered, sum(amount)::text AS total
    FROM expenditures
    WHERE dataset = $1
) e
CROSS JOIN (
    SELECT
        count(*) AS batches, count(*) FILTER (WHERE state = 'failed') AS failed,
        coalesce(sum(accepted) FILTER (WHERE state = 'finished'), 0)::bigint AS accepted,
        coalesce(sum(duplicate) FILTER (WHERE state = 'finished'), 0)::bigint AS duplicate,
        coalesce(sum(rejected) FILTER (WHERE state = 'finished'), 0)::bigint AS rejected,
        (SELECT count(*) FROM dead_letters l JOIN ingest_batches o ON o.id = l.batch
            WHERE o.dataset = $1 AND l.remediated_at IS NULL) AS open_letters,
        max(id) FILTER (WHERE state = 'running') AS running,
        max(finished_at) FILTER (WHERE state = 'finished') AS last_finished
    FROM ingest_batches
    WHERE dataset = $1
) b
WHERE d.slug = $1 AND d.holds = 'expenditures';
