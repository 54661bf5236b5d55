-- The top cells of a period: those that reached high or critical or were flagged on a day, highest score first.
-- $1 dataset, $2 resolution, $3 first day, $4 last day, $5 to $8 west, south, east, north (may be NULL), $9 limit,
-- $10 drawn polygon (EWKB) or NULL, $11 levels of the highest score (empty: all), $12 to $15 cursor (highest score,
-- days flagged, events and cell, may be NULL)
--
-- slope: least squares of the daily counts c over every day t = 0 … n-1 of the period, zeros included. With
-- mean t = (n-1)/2 and sum (t - mean)^2 = n (n^2 - 1) / 12 it is (sum c t - mean sum c) / that sum, and the days
-- without events add nothing to it. A single day has no slope: 0.
WITH chosen AS (
    SELECT DISTINCT m.h3_index
    FROM mv_daily_risk m
    WHERE m.dataset = $1
        AND m.resolution = $2
        AND m.day BETWEEN $3 AND $4
        AND (m.risk_level >= 'high' OR m.anomaly)
        AND ($5::float8 IS NULL OR m.h3_index IN (SELECT cells_in_box($2, $5, $6, $7, $8)))
        AND ($10::bytea IS NULL OR m.h3_index IN (
            SELECT c.h3_index FROM h3_cells c
            WHERE c.resolution = $2 AND ST_Intersects(c.geom, (SELECT ST_GeomFromEWKB($10)))))
), span AS (
    SELECT ($4::date - $3::date + 1)::float8 AS n
), figures AS (
    SELECT
        m.h3_index,
        max(m.day) AS last_day,
        (array_agg(m.risk_score ORDER BY m.day DESC))[1] AS last_score,
        (array_agg(m.risk_level ORDER BY m.day DESC))[1] AS last_level,
        max(m.risk_score) AS max_score,
        max(m.risk_level) AS max_level,
        sum(m.event_count)::bigint AS total_events,
        count(*) AS days_active,
        count(*) FILTER (WHERE m.anomaly) AS days_flagged,
        (array_agg(m.growth_rate ORDER BY m.day DESC))[1] AS growth_rate,
        sum(m.event_count::float8 * ((m.day - $3::date) - (span.n - 1) / 2)) AS covariance
    FROM mv_daily_risk m
    JOIN chosen USING (h3_index)
    CROSS JOIN span
    WHERE m.dataset = $1 AND m.resolution = $2 AND m.day BETWEEN $3 AND $4
    GROUP BY m.h3_index
)
SELECT
    f.h3_index, f.last_day, f.last_score, f.last_level::text, f.max_score, f.max_level::text, f.total_events,
    f.days_active, f.days_flagged, f.growth_rate,
    CASE WHEN span.n > 1 THEN f.covariance / (span.n * (span.n * span.n - 1) / 12) ELSE 0 END AS slope
FROM figures f
CROSS JOIN span
WHERE (cardinality($11) = 0 OR f.max_level = ANY ($11::risk_level[]))
    AND ($15::bigint IS NULL
        OR (-f.max_score, -f.days_flagged, -f.total_events, f.h3_index)
            > (-$12::float8, -$13::bigint, -$14::bigint, $15::bigint))
    -- filter
ORDER BY f.max_score DESC, f.days_flagged DESC, f.total_events DESC, f.h3_index
LIMIT $9;
