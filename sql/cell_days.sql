-- The served rows of one cell in the order of days, one page.
-- $1 dataset, $2 resolution, $3 cell, $4 first day, $5 last day, $6 levels (empty: all), $7 cursor (the last day before
-- the page), $8 limit
SELECT
    m.h3_index, m.day, m.resolution, m.event_count, m.rolling_7d_avg, m.growth_rate, m.risk_score,
    m.risk_level::text, m.z_score, m.anomaly, m.unusual
FROM mv_daily_risk m
WHERE m.dataset = $1
    AND m.resolution = $2
    AND m.h3_index = $3
    AND m.day BETWEEN $4 AND $5
    AND m.day > $7
    AND (cardinality($6) = 0 OR m.risk_level = ANY ($6::risk_level[]))
ORDER BY m.day
LIMIT $8;
