-- Runs, the newest first.
-- $1 run or NULL, $2 datasets that may be seen besides those of $7 (a refresh belongs to none and may always be),
-- $3 dataset or NULL, $4 state or NULL, $5 cursor (a run) or NULL, $6 limit, $7 all, open (those that are public)
-- or none
SELECT r.id, r.job IS NOT NULL AS is_job, r.kind, r.dataset, array_to_string(r.resolutions, ',') AS resolutions,
    r.from_day, r.to_day, r.normalization, r.refresh, r.state::text, r.progress, r.attempts, r.events, r.rows, r.error,
    r.created_at, r.started_at, r.finished_at, r.trigger
FROM analytics_runs r
WHERE ($1::bigint IS NULL OR r.id = $1)
    AND (
        $7::text = 'all' OR r.dataset IS NULL OR r.dataset = ANY ($2::text[])
        OR ($7 = 'open'
            AND (SELECT d.visibility = 'public' FROM datasets d WHERE d.slug = r.dataset)))
    AND ($3::text IS NULL OR r.dataset = $3)
    AND ($4::text IS NULL OR r.state::text = $4)
    AND ($5::bigint IS NULL OR r.id < $5)
ORDER BY r.id DESC
LIMIT $6;
