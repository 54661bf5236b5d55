DROP TRIGGER tell_new_days ON event_days;
DROP TRIGGER tell_changed_days ON event_days;
DROP FUNCTION tell_changed_days();
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

DROP FUNCTION keep_served_scale(text, bigint);
DROP FUNCTION name_served_cells(text);
DROP VIEW dataset_spreads;
DROP TABLE served_days, served_cells, served_scales, served_marks;
DROP TABLE served_changes;
ALTER TABLE served_view DROP COLUMN whole_generation;
DROP TABLE IF EXISTS mv_daily_risk_next, mv_daily_risk_old, mv_cell_outlook_next, mv_cell_outlook_old;
DROP TABLE mv_daily_risk, mv_cell_outlook;
-- As a refresh does it: the planner would sort all rows to merge them.
SET LOCAL work_mem = '256MB';
SET LOCAL enable_mergejoin = off;
CREATE MATERIALIZED VIEW mv_daily_risk AS SELECT * FROM daily_risk ORDER BY slice, h3_index;
CREATE UNIQUE INDEX idx_mv_daily_risk_key ON mv_daily_risk (dataset, resolution, day, h3_index);
CREATE INDEX idx_mv_daily_risk_cell ON mv_daily_risk (dataset, resolution, h3_index, day);
CREATE INDEX idx_mv_daily_risk_level ON mv_daily_risk (dataset, resolution, day)
    WHERE risk_level >= 'high' OR anomaly;
CREATE INDEX idx_mv_daily_risk_geom_gist ON mv_daily_risk USING gist (slice, geom_3857);
CREATE MATERIALIZED VIEW mv_cell_outlook AS SELECT * FROM cell_outlook ORDER BY slice, h3_index;
CREATE UNIQUE INDEX idx_mv_cell_outlook_key ON mv_cell_outlook (slice, h3_index);
CREATE INDEX idx_mv_cell_outlook_expected ON mv_cell_outlook (slice, (-expected), h3_index);
CREATE INDEX idx_mv_cell_outlook_geom_gist ON mv_cell_outlook USING gist (slice, geom_3857);
CREATE INDEX idx_mv_cell_outlook_cell ON mv_cell_outlook (dataset, resolution, h3_index);
GRANT SELECT ON mv_daily_risk, mv_cell_outlook TO hextant_reader;
UPDATE served_view SET generation = generation + 1;
SELECT pg_notify('hextant_generation', generation::text) FROM served_view;
