-- Changed days are served before the next scoring run, on the scale of the last one, and a dataset is refreshed alone
-- (docs/live.md). For both the served rows become tables: rows of a materialized view cannot be replaced.
DROP MATERIALIZED VIEW IF EXISTS mv_daily_risk_next, mv_daily_risk_old, mv_cell_outlook_next, mv_cell_outlook_old;
ALTER MATERIALIZED VIEW mv_daily_risk RENAME TO mv_daily_risk_old;
CREATE TABLE mv_daily_risk AS SELECT * FROM mv_daily_risk_old ORDER BY slice, h3_index;
DROP MATERIALIZED VIEW mv_daily_risk_old;
CREATE UNIQUE INDEX idx_mv_daily_risk_key ON mv_daily_risk (dataset, resolution, day, h3_index);
CREATE INDEX idx_mv_daily_risk_cell ON mv_daily_risk (dataset, resolution, h3_index, day);
CREATE INDEX idx_mv_daily_risk_level ON mv_daily_risk (dataset, resolution, day)
    WHERE risk_level >= 'high' OR anomaly;
CREATE INDEX idx_mv_daily_risk_geom_gist ON mv_daily_risk USING gist (slice, geom_3857);
-- Live updates leave dead rows in few slices, which tiles of these slices would read.
ALTER TABLE mv_daily_risk SET (autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 1000);
ALTER MATERIALIZED VIEW mv_cell_outlook RENAME TO mv_cell_outlook_old;
CREATE TABLE mv_cell_outlook AS SELECT * FROM mv_cell_outlook_old ORDER BY slice, h3_index;
DROP MATERIALIZED VIEW mv_cell_outlook_old;
CREATE UNIQUE INDEX idx_mv_cell_outlook_key ON mv_cell_outlook (slice, h3_index);
CREATE INDEX idx_mv_cell_outlook_expected ON mv_cell_outlook (slice, (-expected), h3_index);
CREATE INDEX idx_mv_cell_outlook_geom_gist ON mv_cell_outlook USING gist (slice, geom_3857);
CREATE INDEX idx_mv_cell_outlook_cell ON mv_cell_outlook (dataset, resolution, h3_index);

-- The generation of the last refresh of everything. Each change raises `generation`; what has not changed since keeps the one it has.
ALTER TABLE served_view ADD COLUMN whole_generation bigint NOT NULL DEFAULT 0;
UPDATE served_view SET whole_generation = generation;

-- Changes since then: of a whole dataset (`day` NULL), or of a day of it that is live, with the generation that made the newest.
CREATE TABLE served_changes (
    dataset         text NOT NULL REFERENCES datasets (slug) ON UPDATE CASCADE ON DELETE CASCADE,
    day             date,
    generation      bigint NOT NULL,
    UNIQUE NULLS NOT DISTINCT (dataset, day)
);
CREATE INDEX idx_served_changes_generation ON served_changes (generation);

-- The build that a dataset is served from. A job's data are served if its own mark is the lower one.
CREATE TABLE served_marks (
    dataset         text PRIMARY KEY REFERENCES datasets (slug) ON UPDATE CASCADE ON DELETE CASCADE,
    mark            bigint NOT NULL
);
-- What the scores of a build are relative to, which is the frozen scale of live days: `run_scales` with the weights of risks, and
-- for percentiles the risks below which 0, 0.1, ... 100 % of the run's lie.
CREATE TABLE served_scales (
    mark            bigint NOT NULL,
    dataset         text NOT NULL REFERENCES datasets (slug) ON UPDATE CASCADE ON DELETE CASCADE,
    resolution      smallint NOT NULL,
    run             bigint NOT NULL,
    from_day        date NOT NULL,
    to_day          date NOT NULL,
    normalization   text NOT NULL,
    level_medium    float8 NOT NULL,
    level_high      float8 NOT NULL,
    level_critical  float8 NOT NULL,
    flag_z          float8 NOT NULL,
    lowest_risk     float8,
    highest_risk    float8,
    weight_count    float8 NOT NULL,
    weight_growth   float8 NOT NULL,
    weight_average  float8 NOT NULL,
    quantiles       float8[],
    PRIMARY KEY (dataset, mark, resolution, run)
);
-- Sum and spread of each cell's daily counts over a run, as in cell_spreads. A foreign key would be checked for each row; the next
-- refresh deletes what is of no build that is served.
CREATE TABLE served_cells (
    mark            bigint NOT NULL,
    dataset         text NOT NULL,
    run             bigint NOT NULL,
    h3_index        bigint NOT NULL,
    days            float8 NOT NULL,
    events          float8 NOT NULL,
    spread          float8 NOT NULL,
    PRIMARY KEY (dataset, mark, run, h3_index)
);
-- The versions of the events (those of the day and of the week before it, summed) that a day's served rows were made of.
CREATE TABLE served_days (
    mark            bigint NOT NULL,
    dataset         text NOT NULL,
    resolution      smallint NOT NULL,
    day             date NOT NULL,
    stamp           bigint NOT NULL,
    PRIMARY KEY (dataset, mark, resolution, day)
);

-- cell_spreads with the dataset, so that a query of one dataset does not sum up the others.
CREATE VIEW dataset_spreads AS
SELECT
    k.dataset,
    k.run,
    k.resolution,
    u.h3_index,
    (k.to_day - k.from_day + 1)::float8 AS days,
    sum(u.event_count::float8) AS events,
    (k.to_day - k.from_day + 1) * sum(u.event_count::float8 * u.event_count)
        - sum(u.event_count::float8) * sum(u.event_count::float8) AS spread
FROM run_scales k
JOIN daily_aggregates a
    ON a.dataset = k.dataset AND a.resolution = k.resolution AND a.day BETWEEN k.from_day AND k.to_day
CROSS JOIN LATERAL unnest(a.cells, a.counts) AS u(h3_index, event_count)
GROUP BY k.dataset, k.run, k.resolution, k.from_day, k.to_day, u.h3_index;

CREATE OR REPLACE VIEW daily_figures AS
SELECT
    a.dataset,
    a.resolution,
    a.day,
    u.h3_index,
    u.event_count,
    u.rolling_7d_avg,
    u.growth_rate,
    u.risk,
    f.risk_score,
    CASE
        WHEN f.risk_score <= k.level_medium THEN 'low'
        WHEN f.risk_score <= k.level_high THEN 'medium'
        WHEN f.risk_score <= k.level_critical THEN 'high'
        ELSE 'critical'
    END::risk_level AS risk_level,
    f.z_score,
    f.z_score >= k.flag_z AS anomaly,
    k.run,
    CASE WHEN u.event_count >= 3 THEN is_unusual(u.event_count, s.days, s.events, s.spread) ELSE false END AS unusual
FROM daily_aggregates a
CROSS JOIN LATERAL (
    SELECT * FROM run_scales n
    WHERE n.dataset = a.dataset AND n.resolution = a.resolution AND a.day BETWEEN n.from_day AND n.to_day
    ORDER BY n.run DESC
    LIMIT 1
) k
LEFT JOIN daily_scores p
    ON p.dataset = a.dataset AND p.resolution = a.resolution AND p.day = a.day AND p.run = k.run
CROSS JOIN LATERAL unnest(a.cells, a.counts, a.averages, a.growth_rates, a.risks, p.scores)
    AS u(h3_index, event_count, rolling_7d_avg, growth_rate, risk, percentile)
LEFT JOIN dataset_spreads s
    ON s.dataset = a.dataset AND s.run = k.run AND s.resolution = a.resolution AND s.h3_index = u.h3_index
CROSS JOIN LATERAL (
    SELECT
        coalesce(
            u.percentile,
            CASE
                WHEN k.highest_risk > k.lowest_risk
                THEN 100 * ((u.risk - k.lowest_risk) / (k.highest_risk - k.lowest_risk))
                ELSE 0
            END) AS risk_score,
        CASE WHEN s.spread > 0 THEN (s.days * u.event_count - s.events) / sqrt(s.spread) ELSE 0 END AS z_score
) f;

-- Keeps what the rows of a build are relative to: of one dataset, or of all. What was kept for builds that are not served goes.
CREATE FUNCTION keep_served_scale(only_dataset text, build bigint) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM served_scales s WHERE (only_dataset IS NULL OR s.dataset = only_dataset)
        AND NOT EXISTS (SELECT FROM served_marks m WHERE m.dataset = s.dataset AND m.mark = s.mark);
    DELETE FROM served_cells s WHERE (only_dataset IS NULL OR s.dataset = only_dataset)
        AND NOT EXISTS (SELECT FROM served_marks m WHERE m.dataset = s.dataset AND m.mark = s.mark);
    DELETE FROM served_days s WHERE (only_dataset IS NULL OR s.dataset = only_dataset)
        AND NOT EXISTS (SELECT FROM served_marks m WHERE m.dataset = s.dataset AND m.mark = s.mark);
    INSERT INTO served_scales (
        mark, dataset, resolution, run, from_day, to_day, normalization, level_medium, level_high, level_critical,
        flag_z, lowest_risk, highest_risk, weight_count, weight_growth, weight_average, quantiles)
    SELECT
        build, k.dataset, k.resolution, k.run, k.from_day, k.to_day, k.normalization, k.level_medium, k.level_high,
        k.level_critical, k.flag_z, k.lowest_risk, k.highest_risk, w.weight_count, w.weight_growth, w.weight_average,
        CASE WHEN k.normalization = 'percentile' THEN (
            SELECT percentile_disc((SELECT array_agg(n / 1000::float8 ORDER BY n) FROM generate_series(0, 1000) n))
                WITHIN GROUP (ORDER BY r)
            FROM daily_aggregates a CROSS JOIN LATERAL unnest(a.risks) r
            WHERE a.dataset = k.dataset AND a.resolution = k.resolution AND a.day BETWEEN k.from_day AND k.to_day) END
    FROM run_scales k
    JOIN datasets d ON d.slug = k.dataset
    CROSS JOIN LATERAL (
        SELECT a.weight_count, a.weight_growth, a.weight_average FROM daily_aggregates a
        WHERE a.dataset = k.dataset AND a.resolution = k.resolution AND a.day BETWEEN k.from_day AND k.to_day
        ORDER BY a.day DESC
        LIMIT 1
    ) w
    WHERE only_dataset IS NULL OR k.dataset = only_dataset;
    INSERT INTO served_cells (mark, dataset, run, h3_index, days, events, spread)
    SELECT build, s.dataset, s.run, s.h3_index, s.days, s.events, s.spread
    FROM dataset_spreads s
    JOIN datasets d ON d.slug = s.dataset
    WHERE only_dataset IS NULL OR s.dataset = only_dataset;
    -- Days that the run left out are served as they are, without rows; those that it should have scored and has not are missing.
    INSERT INTO served_days (mark, dataset, resolution, day, stamp)
    SELECT build, s.dataset, s.resolution, e.day, coalesce(a.stamp, e.stamp)
    FROM (
        SELECT DISTINCT k.dataset, k.resolution FROM served_scales k
        WHERE k.mark = build AND (only_dataset IS NULL OR k.dataset = only_dataset)
    ) s
    JOIN (
        SELECT
            v.dataset, v.day,
            (sum(v.version) OVER (
                PARTITION BY v.dataset ORDER BY v.day
                RANGE BETWEEN interval '7 days' PRECEDING AND CURRENT ROW))::bigint AS stamp
        FROM event_days v
        WHERE only_dataset IS NULL OR v.dataset = only_dataset
    ) e ON e.dataset = s.dataset
    LEFT JOIN daily_aggregates a ON a.dataset = s.dataset AND a.resolution = s.resolution AND a.day = e.day
    WHERE a.day IS NOT NULL OR NOT EXISTS (
        SELECT FROM served_scales k
        WHERE k.mark = build AND k.dataset = s.dataset AND k.resolution = s.resolution
            AND e.day BETWEEN k.from_day AND k.to_day);
END
$$;

-- Names the cells of a dataset. A geometry that PostGIS cannot work with costs names, but no refresh.
CREATE FUNCTION name_served_cells(named_dataset text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM name_cells('mv_daily_risk', NULL, named_dataset);
    PERFORM name_cells('mv_cell_outlook', NULL, named_dataset);
EXCEPTION WHEN internal_error THEN
    RAISE WARNING 'the cells of % were not named: %', named_dataset, SQLERRM;
END
$$;

-- Tells those who serve live days that events of a dataset have changed.
CREATE FUNCTION tell_changed_days() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('hextant_live', dataset) FROM (SELECT DISTINCT dataset FROM changed) d;
    RETURN NULL;
END
$$;
CREATE TRIGGER tell_new_days AFTER INSERT ON event_days
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION tell_changed_days();
CREATE TRIGGER tell_changed_days AFTER UPDATE ON event_days
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION tell_changed_days();

GRANT SELECT ON mv_daily_risk, mv_cell_outlook, dataset_spreads, served_changes, served_marks, served_scales,
    served_cells, served_days TO hextant_reader;
