-- Stores the totals that a run's scores are relative to, and deletes those of runs whose days it has all scored again.
-- $1 run, $2 resolution, $3 dataset, $4 first day, $5 last day, $6 normalization, $7 to $9 scores above which a level
-- is medium, high and critical, $10 z-score that is flagged
WITH forgotten AS (
    DELETE FROM run_scales WHERE dataset = $3 AND resolution = $2 AND from_day >= $4 AND to_day <= $5 AND run <> $1
)
INSERT INTO run_scales (
    run, resolution, dataset, from_day, to_day, normalization, level_medium, level_high, level_critical, flag_z, rows,
    lowest_risk, highest_risk)
SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, coalesce(sum(rows), 0), min(lowest_risk), max(highest_risk)
FROM daily_aggregates
WHERE dataset = $3 AND resolution = $2 AND day BETWEEN $4 AND $5
ON CONFLICT (run, resolution) DO UPDATE SET
    rows = excluded.rows, lowest_risk = excluded.lowest_risk, highest_risk = excluded.highest_risk
RETURNING rows;
