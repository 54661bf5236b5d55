-- Replaces mv_daily_risk by mv_daily_risk_next and raises the generation. It runs in a transaction with a short
-- lock_timeout: if a statement is reading the view, it gives up instead of waiting, because new readers would queue
-- behind it.
ALTER MATERIALIZED VIEW mv_daily_risk RENAME TO mv_daily_risk_old;
ALTER MATERIALIZED VIEW mv_daily_risk_next RENAME TO mv_daily_risk;
ALTER INDEX idx_mv_daily_risk_key RENAME TO idx_mv_daily_risk_old_key;
ALTER INDEX idx_mv_daily_risk_cell RENAME TO idx_mv_daily_risk_old_cell;
ALTER INDEX idx_mv_daily_risk_level RENAME TO idx_mv_daily_risk_old_level;
ALTER INDEX idx_mv_daily_risk_geom_gist RENAME TO idx_mv_daily_risk_old_geom_gist;
ALTER INDEX idx_mv_daily_risk_next_key RENAME TO idx_mv_daily_risk_key;
ALTER INDEX idx_mv_daily_risk_next_cell RENAME TO idx_mv_daily_risk_cell;
ALTER INDEX idx_mv_daily_risk_next_level RENAME TO idx_mv_daily_risk_level;
ALTER INDEX idx_mv_daily_risk_next_geom_gist RENAME TO idx_mv_daily_risk_geom_gist;
ALTER TABLE disclosed_risk RENAME TO disclosed_risk_old;
ALTER TABLE disclosed_risk_next RENAME TO disclosed_risk;
DELETE FROM disclosed_datasets;
INSERT INTO disclosed_datasets SELECT n.* FROM disclosed_datasets_next n JOIN datasets d ON d.slug = n.dataset;
DELETE FROM served_datasets;
INSERT INTO served_datasets (dataset, resolution, rows, first_day, last_day, west, south, east, north, events)
SELECT dataset, resolution, rows, first_day, last_day, west, south, east, north, events FROM served_next;
UPDATE served_view SET
    generation = generation + 1,
    rows = (SELECT coalesce(sum(rows), 0) FROM served_next),
    refreshed_at = now(),
    -- Taken before the view was built; 0 is older than anything that a job waits for.
    refresh_mark = coalesce(nullif(current_setting('hextant.refresh_mark', true), ''), '0')::bigint;
SELECT pg_notify('hextant_generation', generation::text) FROM served_view;
