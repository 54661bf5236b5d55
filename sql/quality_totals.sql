-- The figures of the newest finished batches of a dataset together. A dataset without batches has a row, too.
-- $1 dataset, $2 how many batches
WITH newest AS (
    SELECT * FROM ingest_batches WHERE dataset = $1 AND state = 'finished' ORDER BY id DESC LIMIT $2
)
SELECT
    count(*) AS batches,
    coalesce(sum(received), 0)::bigint AS received,
    coalesce(sum(rejected), 0)::bigint AS rejected,
    sum(fields)::bigint AS fields,
    sum(blank_fields)::bigint AS blank_fields,
    max(newest_event) AS newest_event,
    CASE WHEN max(newest_event) IS NOT NULL
        THEN greatest(0, extract(epoch FROM now() - max(newest_event)) / 86400) END::float8 AS age_days,
    (SELECT fresh_days FROM newest WHERE fresh_days IS NOT NULL ORDER BY id DESC LIMIT 1) AS fresh_days,
    (SELECT coalesce(jsonb_object_agg(key, n), '{}')::text FROM (
        SELECT key, sum(value::bigint)::bigint AS n FROM newest, jsonb_each_text(rejected_by_reason) GROUP BY key
    ) AS summed) AS rejects,
    (SELECT coalesce(jsonb_object_agg(key, n), '{}')::text FROM (
        SELECT key, sum(value::bigint)::bigint AS n FROM newest, jsonb_each_text(remedies) GROUP BY key
    ) AS summed) AS remedies,
    (SELECT coalesce(jsonb_object_agg(key, n), '{}')::text FROM (
        SELECT key, sum(value::bigint)::bigint AS n FROM newest, jsonb_each_text(blanks) GROUP BY key
        ORDER BY n DESC, key LIMIT 100
    ) AS summed) AS blanks
FROM newest;
