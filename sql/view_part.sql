-- Replaces what is served of one dataset and leaves the rest alone. $1 is the dataset in every step. The steps up to
-- "joining outlooks" run in one transaction with one snapshot, so that rows and scale are of the same run; the others
-- in a second one, for which no reader waits.
--
-- Adding a row to the indexes of all takes more than twice as long as building them anew, so datasets that have a large
-- part of all rows are served by a refresh of everything (docs/live.md).

-- step: keeping the scale
SELECT keep_served_scale($1, current_setting('hextant.refresh_mark')::bigint);

-- step: joining scores
INSERT INTO part_risk (
    slice, dataset, resolution, day, h3_index, event_count, rolling_7d_avg, growth_rate, risk, risk_score, risk_level,
    z_score, anomaly, unusual, geom_3857, z_order)
SELECT
    slice, dataset, resolution, day, h3_index, event_count, rolling_7d_avg, growth_rate, risk, risk_score, risk_level,
    z_score, anomaly, unusual, geom_3857, z_order
FROM daily_risk
WHERE dataset = $1;

-- step: joining outlooks
INSERT INTO part_outlook SELECT * FROM cell_outlook WHERE dataset = $1;

-- step: leaving the old rows
DELETE FROM mv_daily_risk WHERE dataset = $1;

-- step: indexing
INSERT INTO mv_daily_risk (
    slice, dataset, resolution, day, h3_index, event_count, rolling_7d_avg, growth_rate, risk, risk_score, risk_level,
    z_score, anomaly, unusual, geom_3857, z_order)
SELECT
    slice, dataset, resolution, day, h3_index, event_count, rolling_7d_avg, growth_rate, risk, risk_score, risk_level,
    z_score, anomaly, unusual, geom_3857, z_order
FROM part_risk
WHERE dataset = $1
ORDER BY slice, z_order;

-- step: leaving the old outlooks
DELETE FROM mv_cell_outlook WHERE dataset = $1;

-- step: indexing outlooks
INSERT INTO mv_cell_outlook SELECT * FROM part_outlook WHERE dataset = $1 ORDER BY slice, z_order;

-- step: naming cells
SELECT name_served_cells($1);

-- step: holding the view
-- Held from here to the end, as by everybody who changes what is served.
SELECT generation FROM served_view WHERE $1::text IS NOT NULL FOR UPDATE;

-- step: counting
WITH gone AS (
    DELETE FROM served_datasets WHERE dataset = $1 RETURNING rows
), outlooks AS (
    DELETE FROM served_outlooks WHERE dataset = $1
)
UPDATE served_view SET
    generation = generation + 1,
    refreshed_at = now(),
    rows = rows + (SELECT count(*) FROM part_risk)
        - (SELECT coalesce(sum(rows), 0) FROM gone);

-- step: telling what is served
INSERT INTO served_datasets (dataset, resolution, rows, first_day, last_day, west, south, east, north, events)
SELECT
    $1, r.resolution, r.rows, r.first_day, r.last_day, x.west, x.south, x.east, x.north, r.events
FROM (
    SELECT
        m.resolution, count(*) AS rows, min(m.day) AS first_day, max(m.day) AS last_day,
        sum(m.event_count)::bigint AS events
    FROM part_risk m
    GROUP BY m.resolution
) r
JOIN (
    SELECT
        w.resolution, min(ST_XMin(c.geom)) AS west, min(ST_YMin(c.geom)) AS south, max(ST_XMax(c.geom)) AS east,
        max(ST_YMax(c.geom)) AS north
    FROM (SELECT DISTINCT m.resolution, m.h3_index FROM part_risk m) w
    JOIN h3_cells c USING (h3_index)
    GROUP BY w.resolution
) x USING (resolution);

-- step: telling the outlooks
INSERT INTO served_outlooks (dataset, resolution, as_of, kind, slice)
SELECT DISTINCT dataset, resolution, as_of, kind, slice FROM part_outlook
WHERE dataset = $1;

-- step: ending live days
DELETE FROM served_changes WHERE dataset = $1 AND day IS NOT NULL;

-- step: telling the change
WITH changed AS (
    INSERT INTO served_changes AS c (dataset, day, generation)
    SELECT $1, NULL::date, v.generation FROM served_view v
    ON CONFLICT (dataset, day) DO UPDATE SET generation = excluded.generation
), marked AS (
    INSERT INTO served_marks AS m (dataset, mark) VALUES ($1, current_setting('hextant.refresh_mark')::bigint)
    ON CONFLICT (dataset) DO UPDATE SET mark = excluded.mark
)
SELECT generation, rows, pg_notify('hextant_generation', generation::text) FROM served_view;
