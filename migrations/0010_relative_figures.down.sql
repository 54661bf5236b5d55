-- Every figure kept for every row again, as the views show them now.
CREATE TABLE kept_figures AS
SELECT
    dataset, resolution, day, run,
    array_agg(risk_score ORDER BY h3_index) AS scores,
    array_agg((array_position(enum_range(NULL::risk_level), risk_level) - 1)::smallint ORDER BY h3_index) AS levels,
    array_agg(z_score ORDER BY h3_index) AS z_scores,
    array_agg(anomaly ORDER BY h3_index) AS flags
FROM daily_figures
GROUP BY dataset, resolution, day, run;
DELETE FROM daily_scores;
ALTER TABLE daily_scores
    ADD COLUMN levels smallint[] NOT NULL,
    ADD COLUMN z_scores float8[] NOT NULL,
    ADD COLUMN flags boolean[] NOT NULL;
ALTER TABLE daily_scores
    ALTER levels SET STORAGE EXTERNAL, ALTER z_scores SET STORAGE EXTERNAL, ALTER flags SET STORAGE EXTERNAL;
INSERT INTO daily_scores (dataset, resolution, day, run, scores, levels, z_scores, flags)
SELECT dataset, resolution, day, run, scores, levels, z_scores, flags FROM kept_figures;
DROP TABLE kept_figures;

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

CREATE OR REPLACE VIEW risk_scores AS
SELECT
    a.dataset, a.resolution, u.h3_index, a.day, u.risk, u.risk_score,
    CASE u.level WHEN 0 THEN 'low' WHEN 1 THEN 'medium' WHEN 2 THEN 'high' ELSE 'critical' END::risk_level AS risk_level
FROM daily_aggregates a
JOIN daily_scores s USING (dataset, resolution, day)
CROSS JOIN LATERAL unnest(a.cells, a.risks, s.scores, s.levels) AS u(h3_index, risk, risk_score, level);

CREATE OR REPLACE VIEW anomaly_flags AS
SELECT a.dataset, a.resolution, u.h3_index, a.day, u.z_score, u.flagged
FROM daily_aggregates a
JOIN daily_scores s USING (dataset, resolution, day)
CROSS JOIN LATERAL unnest(a.cells, s.z_scores, s.flags) AS u(h3_index, z_score, flagged);

DROP VIEW daily_figures;
DROP VIEW cell_spreads;
DROP INDEX idx_run_scales_dataset;
ALTER TABLE run_scales DROP COLUMN dataset, DROP COLUMN from_day, DROP COLUMN to_day;
ALTER TABLE daily_aggregates DROP COLUMN rows, DROP COLUMN lowest_risk, DROP COLUMN highest_risk;
