-- Builds the next mv_daily_risk beside the served one, in the order and with the indexes that reads need.
DROP MATERIALIZED VIEW IF EXISTS mv_daily_risk_next;
CREATE MATERIALIZED VIEW mv_daily_risk_next AS SELECT * FROM daily_risk ORDER BY slice, h3_index;
CREATE UNIQUE INDEX idx_mv_daily_risk_next_key ON mv_daily_risk_next (dataset, resolution, day, h3_index);
CREATE INDEX idx_mv_daily_risk_next_cell ON mv_daily_risk_next (dataset, resolution, h3_index, day);
CREATE INDEX idx_mv_daily_risk_next_level ON mv_daily_risk_next (dataset, resolution, day)
    WHERE risk_level >= 'high' OR anomaly;
CREATE INDEX idx_mv_daily_risk_next_geom_gist ON mv_daily_risk_next USING gist (slice, geom_3857);
ANALYZE mv_daily_risk_next;
DO $$
BEGIN
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'hextant_reader') THEN
        GRANT SELECT ON mv_daily_risk_next TO hextant_reader;
    END IF;
END
$$;
