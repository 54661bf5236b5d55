-- Cells have a number on the Z-order curve (Morton order) over the Web Mercator plane, so that a tile finds its cells in a few
-- ranges of a B-tree. The B-tree on served rows is built by sorting, which they already are, where PostgreSQL 17 builds a GiST on
-- (slice, outline) row by row: that took half of a refresh.
--
-- The number is that of the square of zoom 28 (columns from the west, rows from the north) with the middle of the cell's box.
-- A cell that reaches further than the bound below (`reach` in Sources/TileMath/ZOrder.swift, which must stay the same) has -1: those
-- on the antimeridian and at the poles. Every tile looks at them.
--
-- Rows lose their outlines in degrees, a third of them, which only lists of a box read: these look at each cell once.
CREATE FUNCTION cell_z_order(resolution integer, outline geometry) RETURNS bigint
    LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
    -- pg_restore, which computes the numbers anew, looks for functions in no schema.
    SET search_path = public AS $$
DECLARE
    extent CONSTANT float8 := 20037508.342789244;
    radius CONSTANT float8 := 6378137;
    west float8 := ST_XMin(outline);
    south float8 := ST_YMin(outline);
    east float8 := ST_XMax(outline);
    north float8 := ST_YMax(outline);
    -- Column, then row.
    bits bigint[];
    number bigint;
    code bigint := 0;
BEGIN
    IF west IS NULL OR greatest(east - west, north - south) / 2
        > 1.12 * 1281256 / 7 ^ (resolution / 2.0) * cosh(least(greatest(-south, north), extent) / radius)
    THEN
        RETURN -1;
    END IF;
    bits := ARRAY[floor((((west + east) / 2) + extent) / (2 * extent) * 268435456),
        floor((extent - (south + north) / 2) / (2 * extent) * 268435456)];
    FOR place IN 1..2 LOOP
        number := least(greatest(bits[place], 0), 268435455);
        number := (number | (number << 16)) & x'0000FFFF0000FFFF'::bigint;
        number := (number | (number << 8)) & x'00FF00FF00FF00FF'::bigint;
        number := (number | (number << 4)) & x'0F0F0F0F0F0F0F0F'::bigint;
        number := (number | (number << 2)) & x'3333333333333333'::bigint;
        number := (number | (number << 1)) & x'5555555555555555'::bigint;
        code := code | (number << (place - 1));
    END LOOP;
    RETURN code;
END
$$;
ALTER TABLE h3_cells
    ADD COLUMN z_order bigint NOT NULL GENERATED ALWAYS AS (cell_z_order(resolution, geom_3857)) STORED;

-- The cells that touch a box in degrees, which may cross the antimeridian: then its west is above its east.
CREATE FUNCTION cells_in_box(resolution integer, west float8, south float8, east float8, north float8) RETURNS SETOF bigint
    LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT c.h3_index FROM h3_cells c
    WHERE c.resolution = $1
        AND ST_Intersects(c.geom, ST_MakeEnvelope(west, south, CASE WHEN west <= east THEN east ELSE 180 END, north, 4326))
    UNION
    SELECT c.h3_index FROM h3_cells c
    WHERE west > east AND c.resolution = $1 AND ST_Intersects(c.geom, ST_MakeEnvelope(-180, south, east, north, 4326))
$$;

CREATE OR REPLACE VIEW daily_risk AS
SELECT
    risk_slice(d.id, f.resolution, f.day) AS slice,
    f.dataset,
    f.resolution,
    f.day,
    f.h3_index,
    f.event_count,
    f.rolling_7d_avg,
    f.growth_rate,
    f.risk,
    f.risk_score,
    f.risk_level,
    f.z_score,
    f.anomaly,
    c.geom,
    c.geom_3857,
    f.unusual,
    c.z_order
FROM daily_figures f
JOIN datasets d ON d.slug = f.dataset
LEFT JOIN h3_cells c ON c.h3_index = f.h3_index;

-- The number of the cell comes last.
CREATE OR REPLACE VIEW cell_outlook AS
SELECT
    o.slice, o.dataset, o.resolution, o.as_of, o.kind, o.horizon, u.h3_index,
    (ARRAY[
        'none', 'new_hot', 'consecutive_hot', 'intensifying_hot', 'persistent_hot', 'diminishing_hot', 'sporadic_hot',
        'oscillating_hot', 'historical_hot', 'new_cold', 'consecutive_cold', 'intensifying_cold', 'persistent_cold',
        'diminishing_cold', 'sporadic_cold', 'oscillating_cold', 'historical_cold'])[u.class + 1] AS class,
    -- How soon somebody should look; the least is the most urgent.
    (ARRAY[17, 1, 3, 2, 4, 7, 5, 6, 8, 9, 11, 10, 12, 15, 13, 14, 16])[u.class + 1]::smallint AS urgency,
    u.gi_z, u.gi_trend_p, u.expected, u.chance, u.lower_50, u.upper_50, u.lower_90, u.upper_90,
    ARRAY[u.e1, u.e2, u.e3, u.e4] AS events,
    ARRAY[u.b1, u.b2, u.b3, u.b4] AS events_before,
    ARRAY[u.p1, u.p2, u.p3, u.p4] AS change_ps,
    ARRAY[
        (ARRAY['rising', 'falling', 'steady', 'few'])[u.t1 + 1], (ARRAY['rising', 'falling', 'steady', 'few'])[u.t2 + 1],
        (ARRAY['rising', 'falling', 'steady', 'few'])[u.t3 + 1], (ARRAY['rising', 'falling', 'steady', 'few'])[u.t4 + 1]
    ] AS trends,
    ARRAY[nullif(u.s1, -1), nullif(u.s2, -1), nullif(u.s3, -1), nullif(u.s4, -1)] AS max_scores,
    ARRAY[u.f1, u.f2, u.f3, u.f4] AS days_flagged,
    c.geom, c.geom_3857, c.z_order
FROM outlooks o
CROSS JOIN LATERAL (SELECT cardinality(o.cells) AS n) size
CROSS JOIN LATERAL unnest(
    o.cells, o.classes, o.gi_zs, o.gi_trend_ps, o.expected, o.chances, o.lower_50s, o.upper_50s, o.lower_90s, o.upper_90s,
    o.events[1:n], o.events[n + 1:2 * n], o.events[2 * n + 1:3 * n], o.events[3 * n + 1:4 * n],
    o.events_before[1:n], o.events_before[n + 1:2 * n], o.events_before[2 * n + 1:3 * n], o.events_before[3 * n + 1:4 * n],
    o.change_ps[1:n], o.change_ps[n + 1:2 * n], o.change_ps[2 * n + 1:3 * n], o.change_ps[3 * n + 1:4 * n],
    o.trends[1:n], o.trends[n + 1:2 * n], o.trends[2 * n + 1:3 * n], o.trends[3 * n + 1:4 * n],
    o.max_scores[1:n], o.max_scores[n + 1:2 * n], o.max_scores[2 * n + 1:3 * n], o.max_scores[3 * n + 1:4 * n],
    o.days_flagged[1:n], o.days_flagged[n + 1:2 * n], o.days_flagged[2 * n + 1:3 * n], o.days_flagged[3 * n + 1:4 * n]
) AS u(
    h3_index, class, gi_z, gi_trend_p, expected, chance, lower_50, upper_50, lower_90, upper_90,
    e1, e2, e3, e4, b1, b2, b3, b4, p1, p2, p3, p4, t1, t2, t3, t4, s1, s2, s3, s4, f1, f2, f3, f4)
LEFT JOIN h3_cells c ON c.h3_index = u.h3_index;

DROP TABLE IF EXISTS mv_daily_risk_next, mv_daily_risk_old, mv_cell_outlook_next, mv_cell_outlook_old, disclosed_risk_next,
    disclosed_risk_old;
ALTER TABLE mv_daily_risk RENAME TO mv_daily_risk_old;
CREATE TABLE mv_daily_risk AS
SELECT
    m.slice, m.dataset, m.resolution, m.day, m.h3_index, m.event_count, m.rolling_7d_avg, m.growth_rate, m.risk,
    m.risk_score, m.risk_level, m.z_score, m.anomaly, m.unusual, c.z_order, c.geom_3857
FROM mv_daily_risk_old m
JOIN h3_cells c ON c.h3_index = m.h3_index
ORDER BY m.slice, c.z_order;
DROP TABLE mv_daily_risk_old;
CREATE UNIQUE INDEX idx_mv_daily_risk_key ON mv_daily_risk (dataset, resolution, day, h3_index);
CREATE INDEX idx_mv_daily_risk_cell ON mv_daily_risk (dataset, resolution, h3_index, day);
CREATE INDEX idx_mv_daily_risk_level ON mv_daily_risk (dataset, resolution, day)
    WHERE risk_level >= 'high' OR anomaly;
CREATE INDEX idx_mv_daily_risk_z_order ON mv_daily_risk (slice, z_order);
ALTER TABLE mv_daily_risk SET (autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 1000);

ALTER TABLE mv_cell_outlook RENAME TO mv_cell_outlook_old;
CREATE TABLE mv_cell_outlook AS
SELECT m.*, c.z_order FROM mv_cell_outlook_old m JOIN h3_cells c ON c.h3_index = m.h3_index ORDER BY m.slice, c.z_order;
DROP TABLE mv_cell_outlook_old;
CREATE UNIQUE INDEX idx_mv_cell_outlook_key ON mv_cell_outlook (slice, h3_index);
CREATE INDEX idx_mv_cell_outlook_expected ON mv_cell_outlook (slice, (-expected), h3_index);
CREATE INDEX idx_mv_cell_outlook_z_order ON mv_cell_outlook (slice, z_order);
CREATE INDEX idx_mv_cell_outlook_cell ON mv_cell_outlook (dataset, resolution, h3_index);

ALTER TABLE disclosed_risk RENAME TO disclosed_risk_old;
ALTER TABLE disclosed_risk_old DROP COLUMN geom;
CREATE TABLE disclosed_risk (LIKE disclosed_risk_old);
ALTER TABLE disclosed_risk ADD COLUMN z_order bigint;
INSERT INTO disclosed_risk
SELECT r.*, c.z_order FROM disclosed_risk_old r JOIN h3_cells c ON c.h3_index = r.h3_index ORDER BY r.slice, c.z_order;
DROP TABLE disclosed_risk_old;
CREATE INDEX ON disclosed_risk (slice, z_order);
CREATE UNIQUE INDEX ON disclosed_risk (dataset, resolution, day, h3_index);
CREATE INDEX ON disclosed_risk (dataset, resolution, h3_index, day);

GRANT SELECT ON mv_daily_risk, mv_cell_outlook, disclosed_risk TO hextant_reader;
