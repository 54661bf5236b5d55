-- A page of the cells of a served outlook, ordered by a figure and by cell.
-- $1 dataset, $2 resolution, $3 last day it knows, $4 kind, $5 place of the period (1 to 4), $6 classes and $7 words
-- for the change (empty: all), $8 to $11 west, south, east, north, $12 drawn polygon (EWKB), $13 $14 cursor (the number
-- that is sorted by, and the cell), $15 limit; $8 to $12 may be NULL
--
-- Another figure takes the place of the expression before `AS sort_key`; infinite keys have no value and come last.
SELECT
    m.h3_index, m.events, m.events_before, m.change_p, m.trend, m.max_score, m.days_flagged, m.class, m.gi_z,
    m.gi_trend_p, m.horizon, m.expected, m.chance, m.lower_50, m.upper_50, m.lower_90, m.upper_90, m.sort_key
FROM (
    SELECT
        o.h3_index, o.class, o.gi_z, o.gi_trend_p, o.horizon, o.expected, o.chance, o.lower_50, o.upper_50, o.lower_90,
        o.upper_90, o.geom,
        o.events[$5] AS events,
        o.events_before[$5] AS events_before,
        o.events[$5]::float8 / (ARRAY[7, 28, 90, 365])[$5] AS events_per_day,
        100 * (o.events[$5] - o.events_before[$5])::float8 / nullif(o.events_before[$5], 0) AS change_percent,
        o.change_ps[$5] AS change_p,
        o.trends[$5] AS trend,
        o.max_scores[$5] AS max_score,
        o.days_flagged[$5] AS days_flagged,
        -o.expected AS sort_key
    FROM mv_cell_outlook o
    WHERE o.slice = (
        SELECT s.slice FROM served_outlooks s
        WHERE s.dataset = $1 AND s.resolution = $2 AND s.as_of = $3 AND s.kind = $4)
) m
WHERE (m.sort_key, m.h3_index) > ($13::float8, $14::bigint)
    AND (cardinality($6::text[]) = 0 OR m.class = ANY ($6::text[]))
    AND (cardinality($7::text[]) = 0 OR m.trend = ANY ($7::text[]))
    AND ($8::float8 IS NULL OR CASE
        WHEN $8 <= $10 THEN ST_Intersects(m.geom, ST_MakeEnvelope($8, $9, $10, $11, 4326))
        ELSE ST_Intersects(m.geom, ST_MakeEnvelope($8, $9, 180, $11, 4326))
            OR ST_Intersects(m.geom, ST_MakeEnvelope(-180, $9, $10, $11, 4326)) END)
    AND ($12::bytea IS NULL OR ST_Intersects(m.geom, (SELECT ST_GeomFromEWKB($12))))
    -- filter
ORDER BY m.sort_key, m.h3_index
LIMIT $15;
