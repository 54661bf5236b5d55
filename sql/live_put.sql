-- Serves days anew on the frozen scale of a build, in one transaction. Their figures are in live_rows, the days in
-- live_days. $1 is the dataset in every step. Only rows that differ are written.

-- step: tables
-- They stay empty between transactions of a connection.
DO $$
BEGIN
    CREATE TEMP TABLE IF NOT EXISTS live_days (day date NOT NULL, stamp bigint NOT NULL) ON COMMIT DELETE ROWS;
    CREATE TEMP TABLE IF NOT EXISTS live_rows (
        resolution smallint NOT NULL, day date NOT NULL, h3_index bigint NOT NULL, event_count integer NOT NULL,
        rolling_7d_avg float8 NOT NULL, growth_rate float8 NOT NULL, risk float8 NOT NULL) ON COMMIT DELETE ROWS;
    CREATE TEMP TABLE IF NOT EXISTS live_figures (
        slice bigint, resolution smallint, day date, h3_index bigint, event_count integer, rolling_7d_avg float8,
        growth_rate float8, risk float8, risk_score float8, risk_level risk_level, z_score float8, anomaly boolean,
        unusual boolean) ON COMMIT DELETE ROWS;
    CREATE TEMP TABLE IF NOT EXISTS live_written (
        resolution smallint, day date, h3_index bigint, rows integer, events bigint) ON COMMIT DELETE ROWS;
END
$$;

-- step: scoring
-- The formulas of docs/scoring.md on the scale of the newest run over the day, else of the newest: scores are held to 0
-- and 100, and a percentile is the share of the run's risks that are lower, to a tenth.
INSERT INTO live_figures (
    slice, resolution, day, h3_index, event_count, rolling_7d_avg, growth_rate, risk, risk_score, risk_level, z_score,
    anomaly, unusual)
WITH counted AS MATERIALIZED (
    SELECT a.resolution, a.day, u.h3_index, u.event_count
    FROM live_days x
    JOIN daily_aggregates a ON a.dataset = $1 AND a.day = x.day
    CROSS JOIN LATERAL unnest(a.cells, a.counts) AS u(h3_index, event_count)
)
SELECT
    risk_slice(d.id, l.resolution, l.day), l.resolution, l.day, l.h3_index, l.event_count, l.rolling_7d_avg,
    l.growth_rate, l.risk, f.score,
    CASE
        WHEN f.score <= k.level_medium THEN 'low'
        WHEN f.score <= k.level_high THEN 'medium'
        WHEN f.score <= k.level_critical THEN 'high'
        ELSE 'critical'
    END::risk_level,
    f.z_score, f.z_score >= k.flag_z,
    -- The count takes the place of the one that the run knew; a day that the run did not know is one more.
    CASE
        WHEN l.event_count >= 3
        THEN is_unusual(
            l.event_count, n.days, n.events + l.event_count,
            n.days * (n.squares + l.event_count::float8 * l.event_count) - (n.events + l.event_count) ^ 2)
        ELSE false
    END
FROM live_rows l
JOIN datasets d ON d.slug = $1
JOIN served_marks m ON m.dataset = $1
CROSS JOIN LATERAL (
    SELECT * FROM served_scales s
    WHERE s.dataset = $1 AND s.mark = m.mark AND s.resolution = l.resolution
    ORDER BY (l.day BETWEEN s.from_day AND s.to_day) DESC, s.run DESC
    LIMIT 1
) k
LEFT JOIN counted o
    ON o.resolution = l.resolution AND o.day = l.day AND o.h3_index = l.h3_index
        AND l.day BETWEEN k.from_day AND k.to_day
LEFT JOIN served_cells c ON c.dataset = $1 AND c.mark = m.mark AND c.run = k.run AND c.h3_index = l.h3_index
CROSS JOIN LATERAL (
    SELECT
        (k.to_day - k.from_day + CASE WHEN l.day BETWEEN k.from_day AND k.to_day THEN 1 ELSE 2 END)::float8 AS days,
        coalesce(c.events, 0) - coalesce(o.event_count, 0) AS events,
        coalesce((c.spread + c.events * c.events) / c.days, 0) - coalesce(o.event_count, 0)::float8 ^ 2 AS squares
) n
CROSS JOIN LATERAL (
    SELECT
        CASE
            WHEN k.quantiles IS NOT NULL
            THEN greatest(0, (
                SELECT count(*) - 1 FROM unnest(k.quantiles) q WHERE q < l.risk)) / 10::float8
            WHEN k.highest_risk > k.lowest_risk
            THEN least(100, greatest(0, 100 * ((l.risk - k.lowest_risk) / (k.highest_risk - k.lowest_risk))))
            ELSE 0
        END AS score,
        CASE WHEN c.spread > 0 THEN (c.days * l.event_count - c.events) / sqrt(c.spread) ELSE 0 END AS z_score
) f;

-- step: writing
WITH gone AS (
    DELETE FROM mv_daily_risk m
    USING live_days x, (SELECT DISTINCT resolution FROM served_datasets WHERE dataset = $1) r
    WHERE m.dataset = $1 AND m.resolution = r.resolution AND m.day = x.day
        AND NOT EXISTS (
            SELECT FROM live_figures f
            WHERE f.resolution = m.resolution AND f.day = m.day AND f.h3_index = m.h3_index)
    RETURNING m.resolution, m.day, m.h3_index, m.event_count
), different AS (
    SELECT f.*, o.ctid AS place, o.event_count AS old_count
    FROM live_figures f
    JOIN mv_daily_risk o
        ON o.dataset = $1 AND o.resolution = f.resolution AND o.day = f.day AND o.h3_index = f.h3_index
    WHERE (o.event_count, o.rolling_7d_avg, o.growth_rate, o.risk, o.risk_score, o.risk_level, o.z_score, o.anomaly,
            o.unusual)
        IS DISTINCT FROM (f.event_count, f.rolling_7d_avg, f.growth_rate, f.risk, f.risk_score, f.risk_level,
            f.z_score, f.anomaly, f.unusual)
), changed AS (
    UPDATE mv_daily_risk m SET
        event_count = n.event_count, rolling_7d_avg = n.rolling_7d_avg, growth_rate = n.growth_rate, risk = n.risk,
        risk_score = n.risk_score, risk_level = n.risk_level, z_score = n.z_score, anomaly = n.anomaly,
        unusual = n.unusual
    FROM different n
    WHERE m.ctid = n.place
    RETURNING m.resolution, m.day, m.h3_index, n.event_count - n.old_count AS events
), new AS (
    INSERT INTO mv_daily_risk (
        slice, dataset, resolution, day, h3_index, event_count, rolling_7d_avg, growth_rate, risk, risk_score,
        risk_level, z_score, anomaly, unusual, geom_3857, z_order)
    SELECT
        f.slice, $1, f.resolution, f.day, f.h3_index, f.event_count, f.rolling_7d_avg, f.growth_rate, f.risk,
        f.risk_score, f.risk_level, f.z_score, f.anomaly, f.unusual, c.geom_3857, c.z_order
    FROM live_figures f
    JOIN h3_cells c ON c.h3_index = f.h3_index
    WHERE NOT EXISTS (
        SELECT FROM mv_daily_risk o
        WHERE o.dataset = $1 AND o.resolution = f.resolution AND o.day = f.day AND o.h3_index = f.h3_index)
    ORDER BY f.slice, c.z_order
    RETURNING resolution, day, h3_index, event_count
)
INSERT INTO live_written (resolution, day, h3_index, rows, events)
SELECT resolution, day, h3_index, -1, -event_count FROM gone
UNION ALL SELECT resolution, day, h3_index, 0, events FROM changed
UNION ALL SELECT resolution, day, h3_index, 1, event_count FROM new;

-- step: naming
-- Cells of new places get the names of the areas that they lie in, as a refresh gives them.
SELECT name_served_cells($1)
WHERE EXISTS (
    SELECT FROM live_written w
    JOIN datasets d ON d.slug = $1
    JOIN area_layers a ON a.slug = d.areas
    WHERE w.rows = 1 AND NOT EXISTS (SELECT FROM cell_areas k WHERE k.layer_id = a.id AND k.h3_index = w.h3_index));

-- step: counting
-- A cell on the antimeridian would make the box one around the world, so it is left to the next refresh.
INSERT INTO served_datasets AS s (dataset, resolution, rows, first_day, last_day, west, south, east, north, events)
SELECT
    $1, w.resolution, sum(w.rows), min(w.day) FILTER (WHERE w.rows = 1), max(w.day) FILTER (WHERE w.rows = 1),
    min(ST_XMin(c.geom)), min(ST_YMin(c.geom)), max(ST_XMax(c.geom)), max(ST_YMax(c.geom)), sum(w.events)
FROM live_written w
LEFT JOIN h3_cells c ON c.h3_index = w.h3_index AND w.rows = 1 AND ST_XMax(c.geom) - ST_XMin(c.geom) < 180
GROUP BY w.resolution
HAVING count(*) FILTER (WHERE w.rows = 1) > 0 AND count(c.h3_index) > 0
ON CONFLICT (dataset, resolution) DO UPDATE SET
    first_day = least(s.first_day, excluded.first_day), last_day = greatest(s.last_day, excluded.last_day),
    west = CASE WHEN s.west <= s.east THEN least(s.west, excluded.west) ELSE s.west END,
    east = CASE WHEN s.west <= s.east THEN greatest(s.east, excluded.east) ELSE s.east END,
    south = least(s.south, excluded.south), north = greatest(s.north, excluded.north),
    rows = s.rows + excluded.rows, events = s.events + excluded.events;

-- step: counting what is less
UPDATE served_datasets s SET rows = s.rows + w.rows, events = s.events + w.events
FROM (
    SELECT l.resolution, sum(l.rows) AS rows, sum(l.events) AS events
    FROM live_written l
    LEFT JOIN h3_cells c ON c.h3_index = l.h3_index AND l.rows = 1 AND ST_XMax(c.geom) - ST_XMin(c.geom) < 180
    GROUP BY l.resolution
    HAVING count(*) FILTER (WHERE l.rows = 1) = 0 OR count(c.h3_index) = 0
) w
WHERE s.dataset = $1 AND s.resolution = w.resolution;

-- step: remembering
INSERT INTO served_days AS k (mark, dataset, resolution, day, stamp)
SELECT DISTINCT s.mark, s.dataset, s.resolution, x.day, x.stamp
FROM served_marks m
JOIN served_scales s ON s.dataset = m.dataset AND s.mark = m.mark
CROSS JOIN live_days x
WHERE m.dataset = $1
ON CONFLICT (dataset, mark, resolution, day) DO UPDATE SET stamp = excluded.stamp;

-- step: telling
WITH raised AS (
    UPDATE served_view v SET
        generation = v.generation + 1, rows = v.rows + (SELECT coalesce(sum(w.rows), 0) FROM live_written w)
    WHERE EXISTS (SELECT FROM live_written)
    RETURNING v.generation
), told AS (
    INSERT INTO served_changes AS c (dataset, day, generation)
    SELECT DISTINCT $1, w.day, r.generation FROM raised r CROSS JOIN live_written w
    ON CONFLICT (dataset, day) DO UPDATE SET generation = excluded.generation
)
SELECT r.generation, (SELECT count(DISTINCT w.day) FROM live_written w) AS days,
    pg_notify('hextant_generation', r.generation::text)
FROM raised r;
