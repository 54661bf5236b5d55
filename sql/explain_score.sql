-- What is stored of one cell and day, and what its score is relative to.
-- $1 dataset, $2 resolution, $3 cell, $4 day
SELECT
    u.event_count, u.rolling_7d_avg, u.growth_rate, u.risk, u.risk_score, u.level, u.z_score, u.flagged,
    a.weight_count, a.weight_growth, a.weight_average,
    s.run, r.from_day, r.to_day, k.normalization, k.level_medium, k.level_high, k.level_critical, k.flag_z,
    k.rows, k.lowest_risk, k.highest_risk,
    a.stamp = (
        SELECT sum(e.version)::bigint FROM event_days e WHERE e.dataset = $1 AND e.day BETWEEN $4 - 7 AND $4
    ) AS is_current
FROM daily_aggregates a
JOIN daily_scores s USING (dataset, resolution, day)
JOIN run_scales k ON k.run = s.run AND k.resolution = a.resolution
JOIN analytics_runs r ON r.id = s.run
CROSS JOIN LATERAL unnest(
    a.cells, a.counts, a.averages, a.growth_rates, a.risks, s.scores, s.levels, s.z_scores, s.flags
) AS u(h3_index, event_count, rolling_7d_avg, growth_rate, risk, risk_score, level, z_score, flagged)
WHERE a.dataset = $1 AND a.resolution = $2 AND a.day = $4 AND u.h3_index = $3;
