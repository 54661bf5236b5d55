-- A page of the served rows of some days, ordered by day and cell.
-- $1 dataset, $2 resolution, $3 first day, $4 last day, $5 levels (empty: all), $6 to $9 west, south, east, north,
-- $10 drawn polygon (EWKB), $11 only this cell, $12 $13 cursor (day and cell), $14 limit; $6 to $11 may be NULL
SELECT
    m.h3_index, m.day, m.resolution, m.event_count, m.rolling_7d_avg, m.growth_rate, m.risk_score,
    m.risk_level::text, m.z_score, m.anomaly, m.unusual
FROM mv_daily_risk m
WHERE m.dataset = $1
    AND m.resolution = $2
    AND m.day BETWEEN $3 AND $4
    AND (m.day, m.h3_index) > ($12::date, $13::bigint)
    AND (cardinality($5) = 0 OR m.risk_level = ANY ($5::risk_level[]))
    AND ($6::float8 IS NULL OR m.h3_index IN (SELECT cells_in_box($2, $6, $7, $8, $9)))
    AND ($10::bytea IS NULL OR m.h3_index IN (
        SELECT c.h3_index FROM h3_cells c
        WHERE c.resolution = $2 AND ST_Intersects(c.geom, (SELECT ST_GeomFromEWKB($10)))))
    AND ($11::bigint IS NULL OR m.h3_index = $11)
    -- filter
ORDER BY m.day, m.h3_index
LIMIT $14;
