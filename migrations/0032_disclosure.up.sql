-- Counts below a dataset's minimum_count are hidden from readers without the right to them (docs/limits.md); and a figure that
-- says whether a count is unusual by its exact chance.
ALTER TABLE datasets ADD COLUMN minimum_count integer CHECK (minimum_count BETWEEN 2 AND 1000);

-- The count that readers see of a dataset with this minimum: rounded down to a multiple of it, NULL for one that is hidden. Without a
-- minimum the count itself.
CREATE FUNCTION disclosed_count(events bigint, minimum integer) RETURNS bigint
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE WHEN minimum IS NULL THEN events WHEN events >= minimum THEN events - events % minimum END;

-- The counts by type that readers see of a day.
CREATE FUNCTION disclosed_kinds(kinds kind_count[], minimum integer) RETURNS kind_count[]
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    BEGIN ATOMIC
        SELECT coalesce(array_agg(ROW(kind, disclosed_count(count, minimum))::kind_count ORDER BY kind COLLATE "C"), '{}')
        FROM unnest(kinds)
        WHERE disclosed_count(count, minimum) IS NOT NULL;
    END;

-- The index of a cell's ancestor at a coarser resolution.
CREATE FUNCTION cell_parent(cell bigint, resolution integer) RETURNS bigint
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN (cell & ~(15::bigint << 52)) | (resolution::bigint << 52) | ((1::bigint << (3 * (15 - resolution))) - 1);

-- Whether a day has unusually many events for its cell: at least 3, and as many or more with a chance of at most 1 in 1000, where the
-- number follows the negative binomial distribution of the other days of the run (docs/scoring.md). `events` and `spread` are those
-- of cell_spreads, the day included. It calls no function of ours: while a view is built, only those of the system are found.
CREATE FUNCTION is_unusual(count integer, days float8, events float8, spread float8) RETURNS boolean
    LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
    others float8 := days - 1;
    mean float8;
    variance float8;
    shape float8;
    chance float8;
    fewer float8 := 0;
BEGIN
    IF count < 3 OR others < 1 OR spread IS NULL THEN
        RETURN false;
    END IF;
    mean := (events - count + 0.5) / others;
    -- The mean square of the other days' counts less the square of their mean.
    variance := ((spread + events * events) / days - count::float8 * count) / others - ((events - count) / others) ^ 2;
    shape := least(events - count + 0.5, CASE WHEN variance > mean THEN mean * mean / (variance - mean) END);
    -- Nothing within two standard deviations is that rare, and to find that out takes less than the sum.
    IF count <= mean + 2 * sqrt(mean + mean * mean / shape) THEN
        RETURN false;
    END IF;
    -- The chances of 0, 1, ... events by their ratios, as logarithms, so that none is too small.
    chance := shape * (ln(shape) - ln(shape + mean));
    FOR n IN 0..count - 1 LOOP
        IF chance > -700 THEN
            fewer := fewer + exp(chance);
        END IF;
        chance := chance + ln(mean) - ln(shape + mean) + ln(shape + n) - ln(n + 1);
    END LOOP;
    RETURN 1 - fewer <= 0.001;
END
$$;

-- A new figure comes last. Its count is compared with its cell's other days of the run.
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
LEFT JOIN cell_spreads s ON s.run = k.run AND s.resolution = a.resolution AND s.h3_index = u.h3_index
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
    f.unusual
FROM daily_figures f
JOIN datasets d ON d.slug = f.dataset
LEFT JOIN h3_cells c ON c.h3_index = f.h3_index;

-- What is served gets the new figure.
-- As a refresh does it: the planner would sort all rows to merge them.
SET LOCAL work_mem = '256MB';
SET LOCAL enable_mergejoin = off;
DROP MATERIALIZED VIEW mv_daily_risk;
CREATE MATERIALIZED VIEW mv_daily_risk AS SELECT * FROM daily_risk ORDER BY slice, h3_index;
CREATE UNIQUE INDEX idx_mv_daily_risk_key ON mv_daily_risk (dataset, resolution, day, h3_index);
CREATE INDEX idx_mv_daily_risk_cell ON mv_daily_risk (dataset, resolution, h3_index, day);
CREATE INDEX idx_mv_daily_risk_level ON mv_daily_risk (dataset, resolution, day)
    WHERE risk_level >= 'high' OR anomaly;
CREATE INDEX idx_mv_daily_risk_geom_gist ON mv_daily_risk USING gist (slice, geom_3857);
GRANT SELECT ON mv_daily_risk TO hextant_reader;
UPDATE served_view SET generation = generation + 1;
SELECT pg_notify('hextant_generation', generation::text) FROM served_view;

-- What readers without the right see in place of mv_daily_risk, of datasets with a minimum. A refresh makes it anew. Rows made for
-- another minimum than that of the dataset are shown to nobody.
CREATE TABLE disclosed_risk (
    slice           bigint NOT NULL,
    dataset         text NOT NULL,
    resolution      smallint NOT NULL,
    day             date NOT NULL,
    h3_index        bigint NOT NULL,
    event_count     integer NOT NULL,
    rolling_7d_avg  float8 NOT NULL,
    growth_rate     float8 NOT NULL,
    risk            float8 NOT NULL,
    risk_score      float8 NOT NULL,
    risk_level      risk_level NOT NULL,
    z_score         float8 NOT NULL,
    anomaly         boolean NOT NULL,
    unusual         boolean NOT NULL,
    geom            geometry,
    geom_3857       geometry,
    minimum_count   integer NOT NULL
);
CREATE INDEX ON disclosed_risk USING gist (slice, geom_3857);

-- The days and the box of these rows.
CREATE TABLE disclosed_datasets (
    dataset         text PRIMARY KEY REFERENCES datasets (slug) ON UPDATE CASCADE ON DELETE CASCADE,
    minimum_count   integer NOT NULL,
    first_day       date NOT NULL,
    last_day        date NOT NULL,
    west            float8 NOT NULL,
    south           float8 NOT NULL,
    east            float8 NOT NULL,
    north           float8 NOT NULL
);

GRANT SELECT ON disclosed_risk, disclosed_datasets TO hextant_reader;
