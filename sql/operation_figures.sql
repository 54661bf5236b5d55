-- What operators watch of jobs, refreshes, ingests and forecasts: name of the figure, what it is of or NULL, value.
-- $1 datasets to tell of: all, public or none, $2 how many of them at most
SELECT 'view_refreshed' AS name, NULL::text AS subject, extract(epoch FROM refreshed_at)::float8 AS value
FROM served_view
UNION ALL
SELECT 'jobs_' || outcome, kind, total::float8 FROM job_totals
UNION ALL
SELECT 'jobs_waiting', kind, count(*)::float8 FROM jobs WHERE state = 'queued' AND run_at <= now() GROUP BY kind
UNION ALL
SELECT 'longest_wait', NULL, coalesce(extract(epoch FROM max(now() - run_at)), 0)::float8
FROM jobs
WHERE state = 'queued' AND run_at <= now()
UNION ALL
-- Newest evaluations in which a rival is ahead of the forecast.
SELECT 'evaluations_behind', NULL, count(*)::float8
FROM (
    SELECT DISTINCT ON (dataset, resolution, kind, horizon) is_behind
    FROM outlook_evaluations
    ORDER BY dataset, resolution, kind, horizon, id DESC
) newest
WHERE is_behind
UNION ALL
SELECT figure.name, told.dataset, figure.value
FROM (
    SELECT b.dataset, max(b.finished_at) AS ingested, sum(b.rejected) AS rejected
    FROM ingest_batches b
    JOIN datasets d ON d.slug = b.dataset
    WHERE b.state = 'finished' AND ($1::text = 'all' OR $1 = 'public' AND d.visibility = 'public')
    GROUP BY b.dataset
    ORDER BY b.dataset
    LIMIT $2::bigint
) told
CROSS JOIN LATERAL (
    VALUES ('last_ingest', extract(epoch FROM told.ingested)::float8), ('dead_letters', told.rejected::float8)
) AS figure (name, value);
