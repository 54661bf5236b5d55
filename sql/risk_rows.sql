-- The served rows of one day in the order of their cells, one page.
-- $1 dataset, $2 resolution, $3 day, $4 levels (empty: all), $5 to $8 west, south, east, north, $9 only this cell,
-- $10 cell to go on after, $11 limit; $5 to $10 may be NULL
SELECT
    m.h3_index, m.day, m.resolution, m.event_count, m.rolling_7d_avg, m.growth_rate, m.risk_score,
    m.risk_level::text, m.z_score, m.anomaly
FROM mv_daily_risk m
WHERE m.dataset = $1
    AND m.resolution = $2
    AND m.day = $3
    AND (cardinality($4) = 0 OR m.risk_level = ANY ($4::risk_level[]))
    AND ($5::float8 IS NULL OR CASE
        WHEN $5 <= $7 THEN ST_Intersects(m.geom, ST_MakeEnvelope($5, $6, $7, $8, 4326))
        ELSE ST_Intersects(m.geom, ST_MakeEnvelope($5, $6, 180, $8, 4326))
            OR ST_Intersects(m.geom, ST_MakeEnvelope(-180, $6, $7, $8, 4326)) END)
    AND ($9::bigint IS NULL OR m.h3_index = $9)
    AND ($10::bigint IS NULL OR m.h3_index > $10)
ORDER BY m.h3_index
LIMIT $11;
