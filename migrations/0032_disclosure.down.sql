DROP TABLE disclosed_datasets, disclosed_risk;
SET LOCAL work_mem = '256MB';
SET LOCAL enable_mergejoin = off;
DROP MATERIALIZED VIEW mv_daily_risk;
DROP VIEW daily_risk, risk_scores, anomaly_flags, daily_figures;

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

CREATE VIEW daily_risk AS
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
LEFT JOIN h3_cells c ON c.h3_index = f.h3_index;

CREATE VIEW risk_scores AS
SELECT dataset, resolution, h3_index, day, risk, risk_score, risk_level FROM daily_figures;

CREATE VIEW anomaly_flags AS
SELECT dataset, resolution, h3_index, day, z_score, anomaly AS flagged FROM daily_figures;

GRANT SELECT ON daily_figures, risk_scores, anomaly_flags TO hextant_reader;

CREATE MATERIALIZED VIEW mv_daily_risk AS SELECT * FROM daily_risk ORDER BY slice, h3_index;
CREATE UNIQUE INDEX idx_mv_daily_risk_key ON mv_daily_risk (dataset, resolution, day, h3_index);
CREATE INDEX idx_mv_daily_risk_cell ON mv_daily_risk (dataset, resolution, h3_index, day);
CREATE INDEX idx_mv_daily_risk_level ON mv_daily_risk (dataset, resolution, day)
    WHERE risk_level >= 'high' OR anomaly;
CREATE INDEX idx_mv_daily_risk_geom_gist ON mv_daily_risk USING gist (slice, geom_3857);
GRANT SELECT ON mv_daily_risk TO hextant_reader;
UPDATE served_view SET generation = generation + 1;
SELECT pg_notify('hextant_generation', generation::text) FROM served_view;

DROP FUNCTION is_unusual(integer, float8, float8, float8);
DROP FUNCTION cell_parent(bigint, integer);
DROP FUNCTION disclosed_kinds(kind_count[], integer);
DROP FUNCTION disclosed_count(bigint, integer);
ALTER TABLE datasets DROP COLUMN minimum_count;
