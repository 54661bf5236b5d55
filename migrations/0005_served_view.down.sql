DROP MATERIALIZED VIEW IF EXISTS mv_daily_risk_next;
DROP MATERIALIZED VIEW IF EXISTS mv_daily_risk_old;
DROP MATERIALIZED VIEW mv_daily_risk;
DROP TABLE served_datasets;
DROP TABLE served_view;
DROP VIEW daily_risk;
DROP FUNCTION risk_slice;
