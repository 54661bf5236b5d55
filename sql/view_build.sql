-- Builds the next mv_daily_risk next to the served one, in the order and with the indexes that reads need. A line that
-- begins with "-- step:" starts a step that is run separately, so that progress can be reported. A second connection
-- builds the outlooks beside the first step, and some of the indexes beside the others (ViewRefresh.swift).

-- step: joining scores
-- One snapshot, so that rows and the scale that live days will be scored on are of the same run.
BEGIN ISOLATION LEVEL REPEATABLE READ;
DROP TABLE IF EXISTS mv_daily_risk_next;
-- Outlines are most of a row, so they are joined after the rows are in order, which a join by a hash of all cells
-- keeps. Beyond a million cells or two the hash has several parts, and the rows come in the order of the parts.
CREATE TABLE mv_daily_risk_next AS
SELECT r.*, c.geom_3857
FROM (
    SELECT
        slice, dataset, resolution, day, h3_index, event_count, rolling_7d_avg, growth_rate, risk, risk_score,
        risk_level, z_score, anomaly, unusual, z_order
    FROM daily_risk
    ORDER BY slice, z_order
) r
JOIN (SELECT h3_index, geom_3857 FROM h3_cells) c ON c.h3_index = r.h3_index;
ALTER TABLE mv_daily_risk_next SET (autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 1000);
SELECT keep_served_scale(
    NULL, coalesce(nullif(current_setting('hextant.refresh_mark', true), ''), '0')::bigint);
COMMIT;

-- step: indexing places
CREATE INDEX idx_mv_daily_risk_next_z_order ON mv_daily_risk_next (slice, z_order);

-- step: indexing cells
CREATE INDEX idx_mv_daily_risk_next_cell ON mv_daily_risk_next (dataset, resolution, h3_index, day);

-- step: indexing days
CREATE UNIQUE INDEX idx_mv_daily_risk_next_key ON mv_daily_risk_next (dataset, resolution, day, h3_index);

-- step: indexing levels
CREATE INDEX idx_mv_daily_risk_next_level ON mv_daily_risk_next (dataset, resolution, day)
    WHERE risk_level >= 'high' OR anomaly;

-- step: counting
-- The box is that of the cells, each looked at once and not on every day.
CREATE TEMP TABLE served_next AS
SELECT
    r.dataset, r.resolution, r.rows, r.first_day, r.last_day, x.west, x.south, x.east, x.north, r.events
FROM (
    SELECT
        dataset, resolution, count(*) AS rows, min(day) AS first_day, max(day) AS last_day,
        sum(event_count)::bigint AS events
    FROM mv_daily_risk_next
    GROUP BY dataset, resolution
) r
JOIN (
    SELECT
        w.dataset, w.resolution, min(ST_XMin(c.geom)) AS west, min(ST_YMin(c.geom)) AS south,
        max(ST_XMax(c.geom)) AS east, max(ST_YMax(c.geom)) AS north
    FROM (SELECT DISTINCT dataset, resolution, h3_index FROM mv_daily_risk_next) w
    JOIN h3_cells c USING (h3_index)
    GROUP BY w.dataset, w.resolution
) x USING (dataset, resolution);
-- A box wider than half of the globe may be narrower across the antimeridian. Then it is everything but the widest gap
-- between the cells, and its west is above its east.
WITH arcs AS (
    SELECT w.dataset, w.resolution, ST_XMin(part.geom) AS west, ST_XMax(part.geom) AS east
    FROM (
        SELECT DISTINCT m.dataset, m.resolution, m.h3_index
        FROM mv_daily_risk_next m
        JOIN served_next s USING (dataset, resolution)
        WHERE s.east - s.west > 180
    ) w
    JOIN h3_cells c USING (h3_index)
    CROSS JOIN LATERAL ST_Dump(c.geom) part
), gaps AS (
    SELECT dataset, resolution, west AS gap_east, max(east) OVER (
        PARTITION BY dataset, resolution ORDER BY west ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS gap_west
    FROM arcs
), widest AS (
    SELECT DISTINCT ON (dataset, resolution) dataset, resolution, gap_west, gap_east
    FROM gaps
    WHERE gap_east > gap_west
    ORDER BY dataset, resolution, gap_east - gap_west DESC
)
UPDATE served_next s
SET west = w.gap_east, east = w.gap_west
FROM widest w
WHERE (s.dataset, s.resolution) = (w.dataset, w.resolution) AND w.gap_east - w.gap_west > 360 - (s.east - s.west);

-- step: naming cells
-- Cells of new places get the names of the areas that they lie in. A geometry that PostGIS cannot work with costs
-- names, but no refresh.
DO $$
DECLARE
    cells regclass;
BEGIN
    -- A study area has cells without scores, so outlooks have cells of their own.
    FOREACH cells IN ARRAY ARRAY['mv_daily_risk_next', 'mv_cell_outlook_next']::regclass[] LOOP
        BEGIN
            PERFORM name_cells(cells, NULL, NULL);
        EXCEPTION WHEN internal_error THEN
            RAISE WARNING 'the cells of % were not named: %', cells, SQLERRM;
        END;
    END LOOP;
END
$$;

-- step: telling outlooks
CREATE TEMP TABLE served_outlooks_next AS
SELECT DISTINCT dataset, resolution, as_of, kind, slice FROM mv_cell_outlook_next;

-- step: sampling
-- No plan needs statistics of geom, and sampling outlines would be most of the cost.
ANALYZE mv_daily_risk_next (
    slice, dataset, resolution, day, h3_index, event_count, rolling_7d_avg, growth_rate, risk, risk_score, risk_level,
    z_score, anomaly, unusual, z_order);
DO $$
BEGIN
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'hextant_reader') THEN
        GRANT SELECT ON mv_daily_risk_next TO hextant_reader;
    END IF;
END
$$;
