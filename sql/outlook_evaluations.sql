-- A page of evaluations of a dataset's forecasts, the newest first.
-- $1 dataset, $2 resolution, $3 kind and $4 horizon, or NULL for all, $5 only ids below this or NULL, $6 limit
SELECT
    id, dataset, resolution, kind, horizon, from_day, to_day, cells, origins, outside, is_behind, best_rival,
    methods::text AS methods, comparisons::text AS comparisons, made_at
FROM outlook_evaluations
WHERE dataset = $1
    AND ($2::smallint IS NULL OR resolution = $2)
    AND ($3::text IS NULL OR kind = $3)
    AND ($4::smallint IS NULL OR horizon = $4)
    AND ($5::bigint IS NULL OR id < $5)
ORDER BY id DESC
LIMIT $6;
