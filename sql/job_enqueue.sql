-- Adds a job with its run; no row if the key is known already.
-- $1 key or NULL, $2 kind, $3 dataset or NULL, $4 parameters, $5 resolutions, $6 first and $7 last day or NULL,
-- $8 normalization, $9 whether to refresh, $10 attempts at most, $11 requester or NULL, $12 what asked for it or
-- NULL
WITH job AS (
    INSERT INTO jobs (key, kind, dataset, parameters, max_attempts, requester)
    VALUES ($1, $2, $3, $4::jsonb, $10, $11)
    ON CONFLICT (key) DO NOTHING
    RETURNING id
)
INSERT INTO analytics_runs (
    job, kind, dataset, resolutions, from_day, to_day, normalization, refresh, trigger)
SELECT id, $2, $3, $5, $6, $7, $8, $9, $12 FROM job
RETURNING id;
