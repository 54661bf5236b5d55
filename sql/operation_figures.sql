-- What operators watch of jobs, refreshes, ingests, feeds, streams, forecasts and models: name of the figure, what it
-- is of or NULL, value.
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
(
    SELECT 'feed_rows', t.feed || ' ' || t.outcome, sum(t.total)::float8
    FROM feed_totals t
    JOIN datasets d ON d.slug = t.dataset
    WHERE $1::text = 'all' OR $1 = 'public' AND d.visibility = 'public'
    GROUP BY t.feed, t.outcome
    ORDER BY t.feed
    LIMIT 4 * $2::bigint
)
UNION ALL
(
    SELECT 'feed_success', r.feed, extract(epoch FROM max(r.finished_at))::float8
    FROM feed_runs r
    JOIN datasets d ON d.slug = r.dataset
    WHERE r.state = 'finished' AND r.failures = '[]'
        AND ($1::text = 'all' OR $1 = 'public' AND d.visibility = 'public')
    GROUP BY r.feed
    ORDER BY r.feed
    LIMIT $2::bigint
)
UNION ALL
(
    SELECT 'stream_messages', t.stream || ' ' || counted.outcome, counted.total::float8
    FROM (
        SELECT o.stream, sum(o.messages) AS messages, sum(o.accepted) AS accepted, sum(o.duplicate) AS duplicate,
            sum(o.rejected) AS rejected
        FROM stream_offsets o
        JOIN datasets d ON d.slug = o.dataset
        WHERE $1::text = 'all' OR $1 = 'public' AND d.visibility = 'public'
        GROUP BY o.stream
        ORDER BY o.stream
        LIMIT $2::bigint
    ) t
    CROSS JOIN LATERAL (
        VALUES ('received', t.messages), ('accepted', t.accepted), ('duplicate', t.duplicate), ('rejected', t.rejected)
    ) AS counted (outcome, total)
)
UNION ALL
(
    SELECT figure.name, t.stream, figure.value
    FROM (
        SELECT o.stream, extract(epoch FROM max(o.stored_at))::float8 AS stored,
            -- NULL for a broker without offsets.
            sum(CASE WHEN o.end_offset > o.next_offset THEN o.end_offset - o.next_offset
                WHEN o.end_offset IS NOT NULL THEN 0 END)::float8 AS behind
        FROM stream_offsets o
        JOIN datasets d ON d.slug = o.dataset
        WHERE o.stored_at IS NOT NULL AND ($1::text = 'all' OR $1 = 'public' AND d.visibility = 'public')
        GROUP BY o.stream
        ORDER BY o.stream
        LIMIT $2::bigint
    ) t
    CROSS JOIN LATERAL (VALUES ('stream_stored', t.stored), ('stream_behind', t.behind)) AS figure (name, value)
    WHERE figure.value IS NOT NULL
)
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
-- Active models whose data have moved further than the alarm of docs/models.md.
SELECT 'models_drifted', NULL, count(*)::float8 FROM models WHERE state = 'active' AND drift_index > 0.25
UNION ALL
SELECT figure.name, told.dataset, figure.value
FROM (
    -- Of a feed part that is read as a whole again and again, only the newest reading counts.
    SELECT b.dataset, max(b.finished_at) AS ingested,
        coalesce(sum(b.rejected) FILTER (WHERE c.whole_batch IS NULL OR b.id >= c.whole_batch), 0) AS rejected
    FROM ingest_batches b
    JOIN datasets d ON d.slug = b.dataset
    LEFT JOIN feed_checkpoints c ON c.dataset = b.dataset AND c.feed = b.feed AND c.part = b.feed_part
    WHERE b.state = 'finished' AND ($1::text = 'all' OR $1 = 'public' AND d.visibility = 'public')
    GROUP BY b.dataset
    ORDER BY b.dataset
    LIMIT $2::bigint
) told
CROSS JOIN LATERAL (
    VALUES ('last_ingest', extract(epoch FROM told.ingested)::float8), ('dead_letters', told.rejected::float8)
) AS figure (name, value);
