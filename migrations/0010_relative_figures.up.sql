-- Scores, levels and z-scores are relative to a run: a new day moves every one of them, so keeping them for each row meant
-- writing a year for a day. They follow from a row's own figures and from what the run knows as a whole, and the views
-- below say how. Only percentiles are still kept: a rank follows from all rows of a run together.

-- What a day adds to the scale of a run.
ALTER TABLE daily_aggregates
    ADD COLUMN rows integer,
    ADD COLUMN lowest_risk float8,
    ADD COLUMN highest_risk float8;
UPDATE daily_aggregates SET
    rows = cardinality(cells),
    lowest_risk = (SELECT min(r) FROM unnest(risks) r),
    highest_risk = (SELECT max(r) FROM unnest(risks) r);
ALTER TABLE daily_aggregates
    ALTER COLUMN rows SET NOT NULL,
    ALTER COLUMN lowest_risk SET NOT NULL,
    ALTER COLUMN highest_risk SET NOT NULL;

-- The days of a run. A day is scored by the newest run over it; one whose days were all scored again is of no more use.
ALTER TABLE run_scales
    ADD COLUMN dataset text,
    ADD COLUMN from_day date,
    ADD COLUMN to_day date;
UPDATE run_scales k SET dataset = r.dataset, from_day = r.from_day, to_day = r.to_day
FROM analytics_runs r WHERE r.id = k.run;
DELETE FROM run_scales k WHERE EXISTS (
    SELECT FROM run_scales n
    WHERE n.dataset = k.dataset AND n.resolution = k.resolution AND n.run > k.run
        AND n.from_day <= k.from_day AND n.to_day >= k.to_day);
ALTER TABLE run_scales
    ALTER COLUMN dataset SET NOT NULL,
    ALTER COLUMN from_day SET NOT NULL,
    ALTER COLUMN to_day SET NOT NULL;
CREATE INDEX idx_run_scales_dataset ON run_scales (dataset, resolution, run);

-- Sum and spread of a cell's daily counts over every day of a run, days without events included: with n days,
-- spread = n sum(c^2) - sum(c)^2 is n^2 times the population variance. Whole numbers below 2^53 are exact in float8, so
-- equal counts give exactly 0.
CREATE VIEW cell_spreads AS
SELECT
    k.run,
    k.resolution,
    c.h3_index,
    (k.to_day - k.from_day + 1)::float8 AS days,
    sum(u.event_count::float8) AS events,
    (k.to_day - k.from_day + 1) * sum(u.event_count::float8 * u.event_count)
        - sum(u.event_count::float8) * sum(u.event_count::float8) AS spread
FROM run_scales k
JOIN daily_aggregates a
    ON a.dataset = k.dataset AND a.resolution = k.resolution AND a.day BETWEEN k.from_day AND k.to_day
CROSS JOIN LATERAL unnest(a.cells, a.counts) AS u(h3_index, event_count)
-- Of what comes out of an array the planner knows nothing, and takes 200 cells for granted; of these it knows how many.
JOIN h3_cells c USING (h3_index)
GROUP BY k.run, k.resolution, k.from_day, k.to_day, c.h3_index;

-- Every figure of every scored cell and day, by the formulas of docs/scoring.md.
CREATE VIEW daily_figures AS
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
    k.run
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
-- A left join, so that a query that asks for no z-score does without.
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
    c.geom_3857
FROM daily_figures f
JOIN datasets d ON d.slug = f.dataset
JOIN h3_cells c USING (h3_index);

CREATE OR REPLACE VIEW risk_scores AS
SELECT dataset, resolution, h3_index, day, risk, risk_score, risk_level FROM daily_figures;

CREATE OR REPLACE VIEW anomaly_flags AS
SELECT dataset, resolution, h3_index, day, z_score, anomaly AS flagged FROM daily_figures;

DELETE FROM daily_scores s
WHERE NOT EXISTS (
    SELECT FROM run_scales k
    WHERE k.run = s.run AND k.resolution = s.resolution AND k.normalization = 'percentile');
ALTER TABLE daily_scores DROP COLUMN levels, DROP COLUMN z_scores, DROP COLUMN flags;

GRANT SELECT ON cell_spreads, daily_figures TO hextant_reader;
