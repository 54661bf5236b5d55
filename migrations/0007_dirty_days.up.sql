ALTER TABLE datasets
    -- A score up to level_medium is low, up to level_high medium, up to level_critical high, above it critical.
    ADD COLUMN level_medium float8 NOT NULL DEFAULT 25,
    ADD COLUMN level_high float8 NOT NULL DEFAULT 50,
    ADD COLUMN level_critical float8 NOT NULL DEFAULT 75,
    -- The z-score from which a day is flagged; the comparison with infinity keeps NaN out.
    ADD COLUMN flag_z float8 NOT NULL DEFAULT 2,
    ADD CONSTRAINT datasets_levels CHECK (
        0 <= level_medium AND level_medium <= level_high AND level_high <= level_critical AND level_critical <= 100),
    ADD CONSTRAINT datasets_flag_z CHECK (flag_z > 0 AND flag_z < 'Infinity');

-- Every local day that has or had events of a dataset, with a number that is new whenever the day's events change, in the
-- transaction that changes them. A run keeps the number it saw beside what it made of the day, so a change that it did
-- not see shows by itself, and nothing ever has to be cleared.
CREATE SEQUENCE event_day_versions;
CREATE TABLE event_days (
    dataset         text NOT NULL,
    day             date NOT NULL,
    version         bigint NOT NULL DEFAULT nextval('event_day_versions'),
    PRIMARY KEY (dataset, day)
);

-- Marks days. Whoever marks holds the dataset's row, so its time zone cannot change before they commit; days are marked
-- in their order, so that two who mark the same ones wait for each other instead of blocking each other for good.
CREATE FUNCTION mark_event_days(marked_dataset text, times timestamptz[]) RETURNS void
    LANGUAGE sql
    BEGIN ATOMIC
        INSERT INTO event_days (dataset, day)
        SELECT DISTINCT d.slug, (t AT TIME ZONE d.time_zone)::date AS day
        FROM (SELECT slug, time_zone FROM datasets WHERE slug = marked_dataset FOR SHARE) d
        CROSS JOIN unnest(times) AS t
        ORDER BY day
        ON CONFLICT (dataset, day) DO UPDATE SET version = nextval('event_day_versions');
    END;

-- Marks every day with events, and every day that was known before.
CREATE FUNCTION mark_all_event_days(marked_dataset text) RETURNS void
    LANGUAGE sql
    BEGIN ATOMIC
        INSERT INTO event_days (dataset, day)
        SELECT d.slug, (e.event_timestamp AT TIME ZONE d.time_zone)::date AS day
        FROM events e
        JOIN datasets d ON d.slug = e.dataset
        WHERE d.slug = marked_dataset
        UNION
        SELECT k.dataset, k.day FROM event_days k WHERE k.dataset = marked_dataset
        ORDER BY day
        ON CONFLICT (dataset, day) DO UPDATE SET version = nextval('event_day_versions');
    END;
SELECT mark_all_event_days(slug) FROM datasets;

-- Another zone ends days at other moments.
CREATE FUNCTION mark_days_of_new_zone() RETURNS trigger
    LANGUAGE plpgsql AS $$
BEGIN
    PERFORM mark_all_event_days(NEW.slug);
    RETURN NULL;
END
$$;
CREATE TRIGGER mark_days_of_new_zone AFTER UPDATE OF time_zone ON datasets
    FOR EACH ROW WHEN (OLD.time_zone <> NEW.time_zone) EXECUTE FUNCTION mark_days_of_new_zone();

-- Rows that leave mark their days whoever takes them out; rows that enter are marked by the batch that brings them,
-- because a trigger on COPY would cost every ingest.
CREATE FUNCTION mark_days_left() RETURNS trigger
    LANGUAGE plpgsql AS $$
BEGIN
    PERFORM mark_event_days(dataset, array_agg(event_timestamp)) FROM rows_left GROUP BY dataset ORDER BY dataset;
    RETURN NULL;
END
$$;
CREATE FUNCTION mark_days_moved() RETURNS trigger
    LANGUAGE plpgsql AS $$
BEGIN
    PERFORM mark_event_days(dataset, array_agg(event_timestamp))
    FROM (SELECT dataset, event_timestamp FROM rows_left
        UNION ALL SELECT dataset, event_timestamp FROM rows_entered) moved
    GROUP BY dataset ORDER BY dataset;
    RETURN NULL;
END
$$;
CREATE TRIGGER mark_days_left AFTER DELETE ON events
    REFERENCING OLD TABLE AS rows_left FOR EACH STATEMENT EXECUTE FUNCTION mark_days_left();
CREATE TRIGGER mark_days_moved AFTER UPDATE ON events
    REFERENCING OLD TABLE AS rows_left NEW TABLE AS rows_entered
    FOR EACH STATEMENT EXECUTE FUNCTION mark_days_moved();

-- What follows holds a day in a row, its cells in an array in ascending order and every other array in the same order: a
-- day is read and replaced as a whole, and a row for each cell and day cost ten times as much to write. They are numbers
-- that hardly compress, so nothing tries to. The views below show them as rows.

-- Events by cell, binned from the points as they were at the version of the day.
CREATE TABLE daily_counts (
    dataset         text NOT NULL,
    resolution      smallint NOT NULL,
    day             date NOT NULL,
    version         bigint NOT NULL,
    cells           bigint[] NOT NULL,
    counts          integer[] NOT NULL,
    PRIMARY KEY (dataset, resolution, day)
);

-- Figures that follow from a cell's last eight days alone. `stamp` is the sum of the versions of those days, which grows
-- with each of them; together with the weights it tells whether the row is still what a run would write.
CREATE TABLE daily_aggregates (
    dataset         text NOT NULL,
    resolution      smallint NOT NULL,
    day             date NOT NULL,
    stamp           bigint NOT NULL,
    weight_count    float8 NOT NULL,
    weight_growth   float8 NOT NULL,
    weight_average  float8 NOT NULL,
    cells           bigint[] NOT NULL,
    counts          integer[] NOT NULL,
    averages        float8[] NOT NULL,
    growth_rates    float8[] NOT NULL,
    risks           float8[] NOT NULL,
    PRIMARY KEY (dataset, resolution, day)
);

-- Figures that are relative to a run; levels are 0 low to 3 critical.
CREATE TABLE daily_scores (
    dataset         text NOT NULL,
    resolution      smallint NOT NULL,
    day             date NOT NULL,
    run             bigint NOT NULL,
    scores          float8[] NOT NULL,
    levels          smallint[] NOT NULL,
    z_scores        float8[] NOT NULL,
    flags           boolean[] NOT NULL,
    PRIMARY KEY (dataset, resolution, day)
);

ALTER TABLE daily_counts
    ALTER cells SET STORAGE EXTERNAL, ALTER counts SET STORAGE EXTERNAL;
ALTER TABLE daily_aggregates
    ALTER cells SET STORAGE EXTERNAL, ALTER counts SET STORAGE EXTERNAL, ALTER averages SET STORAGE EXTERNAL,
    ALTER growth_rates SET STORAGE EXTERNAL, ALTER risks SET STORAGE EXTERNAL;
ALTER TABLE daily_scores
    ALTER scores SET STORAGE EXTERNAL, ALTER levels SET STORAGE EXTERNAL, ALTER z_scores SET STORAGE EXTERNAL,
    ALTER flags SET STORAGE EXTERNAL;

-- What the scores of a run at a resolution are relative to, for those who ask why.
CREATE TABLE run_scales (
    run             bigint NOT NULL REFERENCES analytics_runs (id) ON DELETE CASCADE,
    resolution      smallint NOT NULL,
    normalization   text NOT NULL CHECK (normalization IN ('minmax', 'percentile')),
    level_medium    float8 NOT NULL,
    level_high      float8 NOT NULL,
    level_critical  float8 NOT NULL,
    flag_z          float8 NOT NULL,
    rows            bigint NOT NULL,
    lowest_risk     float8,
    highest_risk    float8,
    PRIMARY KEY (run, resolution)
);

-- The three tables that these take the place of. What they held is made again by `hextant score`; until the next refresh
-- mv_daily_risk goes on serving it.
CREATE OR REPLACE VIEW daily_risk AS
SELECT
    risk_slice(d.id, a.resolution, a.day) AS slice,
    a.dataset,
    a.resolution,
    a.day,
    u.h3_index,
    u.event_count,
    u.rolling_7d_avg,
    u.growth_rate,
    u.risk,
    u.risk_score,
    CASE u.level WHEN 0 THEN 'low' WHEN 1 THEN 'medium' WHEN 2 THEN 'high' ELSE 'critical' END::risk_level AS risk_level,
    u.z_score,
    u.anomaly,
    c.geom,
    c.geom_3857
FROM daily_aggregates a
JOIN daily_scores s USING (dataset, resolution, day)
JOIN datasets d ON d.slug = a.dataset
CROSS JOIN LATERAL unnest(
    a.cells, a.counts, a.averages, a.growth_rates, a.risks, s.scores, s.levels, s.z_scores, s.flags
) AS u(h3_index, event_count, rolling_7d_avg, growth_rate, risk, risk_score, level, z_score, anomaly)
JOIN h3_cells c USING (h3_index);

DROP TABLE anomaly_flags;
DROP TABLE risk_scores;
DROP TABLE cell_aggregates;

CREATE VIEW cell_aggregates AS
SELECT a.dataset, a.resolution, u.h3_index, a.day, u.event_count, u.rolling_7d_avg, u.growth_rate
FROM daily_aggregates a
CROSS JOIN LATERAL unnest(a.cells, a.counts, a.averages, a.growth_rates)
    AS u(h3_index, event_count, rolling_7d_avg, growth_rate);

CREATE VIEW risk_scores AS
SELECT
    a.dataset, a.resolution, u.h3_index, a.day, u.risk, u.risk_score,
    CASE u.level WHEN 0 THEN 'low' WHEN 1 THEN 'medium' WHEN 2 THEN 'high' ELSE 'critical' END::risk_level AS risk_level
FROM daily_aggregates a
JOIN daily_scores s USING (dataset, resolution, day)
CROSS JOIN LATERAL unnest(a.cells, a.risks, s.scores, s.levels) AS u(h3_index, risk, risk_score, level);

CREATE VIEW anomaly_flags AS
SELECT a.dataset, a.resolution, u.h3_index, a.day, u.z_score, u.flagged
FROM daily_aggregates a
JOIN daily_scores s USING (dataset, resolution, day)
CROSS JOIN LATERAL unnest(a.cells, s.z_scores, s.flags) AS u(h3_index, z_score, flagged);

GRANT SELECT ON event_days, daily_counts, daily_aggregates, daily_scores, run_scales, cell_aggregates, risk_scores,
    anomaly_flags TO hextant_reader;
