-- The figures of one cell and day, and the totals of the run that its score is relative to.
-- $1 dataset, $2 resolution, $3 cell, $4 day
SELECT
    f.event_count, f.rolling_7d_avg, f.growth_rate, f.risk, f.risk_score, f.risk_level::text, f.z_score, f.anomaly,
    a.weight_count, a.weight_growth, a.weight_average,
    f.run, k.from_day, k.to_day, k.normalization, k.level_medium, k.level_high, k.level_critical, k.flag_z,
    k.rows, k.lowest_risk, k.highest_risk,
    a.stamp = (
        SELECT sum(e.version)::bigint FROM event_days e WHERE e.dataset = $1 AND e.day BETWEEN $4 - 7 AND $4
    ) AS is_current
FROM daily_figures f
JOIN daily_aggregates a USING (dataset, resolution, day)
JOIN run_scales k USING (run, resolution)
WHERE f.dataset = $1 AND f.resolution = $2 AND f.day = $4 AND f.h3_index = $3;
