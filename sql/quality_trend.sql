-- The figures of the batches of a dataset by the month in which they ended, in UTC, the newest month first. The age of
-- a month's newest event is that at the end of its last batch.
-- $1 dataset, $2 how many months before this one
SELECT
    to_char(finished_at AT TIME ZONE 'UTC', 'YYYY-MM') AS month,
    count(*) AS batches,
    sum(jsonb_array_length(findings))::bigint AS findings,
    sum(received)::bigint AS received,
    sum(rejected)::bigint AS rejected,
    sum(fields)::bigint AS fields,
    sum(blank_fields)::bigint AS blank_fields,
    CASE WHEN max(newest_event) IS NOT NULL
        THEN greatest(0, extract(epoch FROM max(finished_at) - max(newest_event)) / 86400) END::float8 AS age_days,
    (array_agg(fresh_days ORDER BY id DESC) FILTER (WHERE fresh_days IS NOT NULL))[1] AS fresh_days
FROM ingest_batches
WHERE dataset = $1 AND state = 'finished'
    AND finished_at >= (date_trunc('month', now() AT TIME ZONE 'UTC') - make_interval(months => $2::int - 1))
        AT TIME ZONE 'UTC'
GROUP BY 1
ORDER BY 1 DESC
LIMIT $2;
