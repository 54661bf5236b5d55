-- Makes disclosed_risk_next beside mv_daily_risk_next: what readers without the right see of datasets with a
-- minimum_count. It becomes disclosed_risk in the swap of the view.
--
-- A count below the minimum k is left out, and any other is rounded down to a multiple of k. All other figures follow
-- from these counts alone, as if there were no others, so nothing that is computed of them tells more.
--
-- A cell's count and those of its children at the next finer resolution belong together. If all children but one are
-- taken as large as they can be without being shown differently, and still do not make up for the cell's count, then
-- the last one has events. So a cell shows at most that much more than its children: k - 1 for each of them but one.
-- Of a pentagon's descendants there are fewest, 1 + 5 (7^n - 1) / 6 over n resolutions.
DROP TABLE IF EXISTS disclosed_risk_next;
CREATE TABLE disclosed_risk_next (LIKE disclosed_risk);
CREATE TEMP TABLE IF NOT EXISTS disclosed_counts (
    dataset text, resolution smallint, day date, h3_index bigint, events bigint);
TRUNCATE disclosed_counts;

-- From the finest resolution to the coarsest.
DO $$
DECLARE
    level record;
BEGIN
    FOR level IN
        SELECT
            d.slug, d.minimum_count::bigint AS least, s.resolution,
            lag(s.resolution) OVER (PARTITION BY d.slug ORDER BY s.resolution DESC) AS finer
        FROM datasets d
        JOIN (SELECT DISTINCT dataset, resolution FROM run_scales) s ON s.dataset = d.slug
        WHERE d.minimum_count IS NOT NULL
        ORDER BY d.slug, s.resolution DESC
    LOOP
        INSERT INTO disclosed_counts (dataset, resolution, day, h3_index, events)
        SELECT
            m.dataset, m.resolution, m.day, m.h3_index,
            least(
                disclosed_count(m.event_count, level.least::integer),
                coalesce(c.events, 0) + disclosed_count(
                    5 * (7::bigint ^ (level.finer - level.resolution) - 1)::bigint / 6 * (level.least - 1),
                    level.least::integer))
        FROM mv_daily_risk_next m
        LEFT JOIN (
            SELECT day, cell_parent(h3_index, level.resolution) AS h3_index, sum(events)::bigint AS events
            FROM disclosed_counts
            WHERE dataset = level.slug AND resolution = level.finer
            GROUP BY 1, 2
        ) c USING (day, h3_index)
        WHERE m.dataset = level.slug AND m.resolution = level.resolution AND m.event_count >= level.least;
    END LOOP;
END
$$;

-- The formulas of docs/scoring.md, over the days from the first to the last with a count.
INSERT INTO disclosed_risk_next (
    slice, dataset, resolution, day, h3_index, event_count, rolling_7d_avg, growth_rate, risk, risk_score, risk_level,
    z_score, anomaly, unusual, geom_3857, minimum_count, z_order)
SELECT
    risk_slice(d.id, s.resolution, s.day), s.dataset, s.resolution, s.day, s.h3_index, s.events, s.mean, s.growth,
    s.risk, s.score,
    CASE
        WHEN s.score <= d.level_medium THEN 'low'
        WHEN s.score <= d.level_high THEN 'medium'
        WHEN s.score <= d.level_critical THEN 'high'
        ELSE 'critical'
    END::risk_level,
    z.score, z.score >= d.flag_z,
    -- Days whose counts are hidden look like quiet ones here, beside which any other is unusual.
    false,
    c.geom_3857, d.minimum_count, c.z_order
FROM (
    SELECT
        r.*,
        CASE
            WHEN r.normalization = 'percentile'
            THEN 100 * percent_rank() OVER (PARTITION BY r.dataset, r.resolution ORDER BY round(r.risk::numeric, 9))
            WHEN r.highest_risk > r.lowest_risk
            THEN 100 * ((r.risk - r.lowest_risk) / (r.highest_risk - r.lowest_risk))
            ELSE 0
        END AS score,
        r.days * r.cell_squares - r.cell_events * r.cell_events AS spread
    FROM (
        SELECT
            g.*,
            min(g.risk) OVER run AS lowest_risk,
            max(g.risk) OVER run AS highest_risk,
            (
                SELECT k.normalization FROM run_scales k
                WHERE k.dataset = g.dataset AND k.resolution = g.resolution
                ORDER BY k.run DESC
                LIMIT 1
            ) AS normalization
        FROM (
            SELECT
                f.*,
                w.growth * f.weight_growth + f.events * f.weight_count + f.mean * f.weight_average AS risk,
                w.growth
            FROM (
                SELECT
                    n.dataset, n.resolution, n.day, n.h3_index, n.events,
                    d.weight_count, d.weight_growth, d.weight_average,
                    sum(n.events) OVER week / 7::float8 AS mean,
                    coalesce(sum(n.events) OVER before, 0) / 7::float8 AS previous,
                    (sum(n.events) OVER cell)::float8 AS cell_events,
                    (sum(n.events * n.events) OVER cell)::float8 AS cell_squares,
                    (max(n.day) OVER run - min(n.day) OVER run + 1)::float8 AS days
                FROM disclosed_counts n
                JOIN datasets d ON d.slug = n.dataset
                WINDOW
                    run AS (PARTITION BY n.dataset, n.resolution),
                    cell AS (PARTITION BY n.dataset, n.resolution, n.h3_index),
                    week AS (cell ORDER BY n.day RANGE BETWEEN interval '6 days' PRECEDING AND CURRENT ROW),
                    before AS (
                        cell ORDER BY n.day RANGE BETWEEN interval '7 days' PRECEDING AND interval '1 day' PRECEDING)
            ) f
            CROSS JOIN LATERAL (
                SELECT (f.events - f.previous) / greatest(f.previous, 1 / 7::float8) AS growth
            ) w
        ) g
        WINDOW run AS (PARTITION BY g.dataset, g.resolution)
    ) r
) s
CROSS JOIN LATERAL (
    SELECT
        CASE WHEN s.spread > 0 THEN (s.days * s.events - s.cell_events) / sqrt(s.spread) ELSE 0 END AS score
) z
JOIN datasets d ON d.slug = s.dataset
JOIN h3_cells c ON c.h3_index = s.h3_index
ORDER BY 1, c.z_order;

CREATE INDEX ON disclosed_risk_next (slice, z_order);
CREATE UNIQUE INDEX ON disclosed_risk_next (dataset, resolution, day, h3_index);
CREATE INDEX ON disclosed_risk_next (dataset, resolution, h3_index, day);
ANALYZE disclosed_risk_next (
    slice, z_order, dataset, resolution, day, h3_index, event_count, risk_score, risk_level, anomaly);

-- Boxes that cross the antimeridian become those around the world.
CREATE TEMP TABLE IF NOT EXISTS disclosed_datasets_next (LIKE disclosed_datasets);
TRUNCATE disclosed_datasets_next;
INSERT INTO disclosed_datasets_next (dataset, minimum_count, first_day, last_day, west, south, east, north)
SELECT
    r.dataset, min(r.minimum_count), min(r.day), max(r.day),
    min(ST_XMin(c.geom)), min(ST_YMin(c.geom)), max(ST_XMax(c.geom)), max(ST_YMax(c.geom))
FROM disclosed_risk_next r
JOIN h3_cells c USING (h3_index)
GROUP BY r.dataset;

DO $$
BEGIN
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'hextant_reader') THEN
        GRANT SELECT ON disclosed_risk_next TO hextant_reader;
    END IF;
END
$$;
