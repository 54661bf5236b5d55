-- Replaces mv_daily_risk by mv_daily_risk_next and raises the generation. It runs in a transaction with a short
-- lock_timeout: if a statement is reading the view, it gives up instead of waiting, because new readers would queue
-- behind it.
--
-- The row of served_view is held first, as by everybody who changes what is served. Days that became live while the
-- view was built keep the rows that they have, until they are scored on the new scale.
SELECT FROM served_view FOR UPDATE;
DELETE FROM served_changes
WHERE generation <= coalesce(nullif(current_setting('hextant.refresh_generation', true), ''), '0')::bigint;
DELETE FROM mv_daily_risk_next n
USING served_changes c, served_datasets s
WHERE s.dataset = c.dataset AND n.dataset = c.dataset AND n.resolution = s.resolution AND n.day = c.day;
INSERT INTO mv_daily_risk_next (
    slice, dataset, resolution, day, h3_index, event_count, rolling_7d_avg, growth_rate, risk, risk_score, risk_level,
    z_score, anomaly, unusual, geom_3857, z_order)
SELECT
    m.slice, m.dataset, m.resolution, m.day, m.h3_index, m.event_count, m.rolling_7d_avg, m.growth_rate, m.risk,
    m.risk_score, m.risk_level, m.z_score, m.anomaly, m.unusual, m.geom_3857, m.z_order
FROM served_changes c
JOIN mv_daily_risk m ON m.dataset = c.dataset AND m.day = c.day;
UPDATE served_next s SET rows = l.rows, first_day = l.first_day, last_day = l.last_day, events = l.events
FROM (
    SELECT
        m.dataset, m.resolution, count(*) AS rows, min(m.day) AS first_day, max(m.day) AS last_day,
        sum(m.event_count)::bigint AS events
    FROM mv_daily_risk_next m
    WHERE m.dataset IN (SELECT dataset FROM served_changes)
    GROUP BY m.dataset, m.resolution
) l
WHERE (s.dataset, s.resolution) = (l.dataset, l.resolution);
ALTER TABLE mv_daily_risk RENAME TO mv_daily_risk_old;
ALTER TABLE mv_daily_risk_next RENAME TO mv_daily_risk;
ALTER INDEX idx_mv_daily_risk_key RENAME TO idx_mv_daily_risk_old_key;
ALTER INDEX idx_mv_daily_risk_cell RENAME TO idx_mv_daily_risk_old_cell;
ALTER INDEX idx_mv_daily_risk_level RENAME TO idx_mv_daily_risk_old_level;
ALTER INDEX idx_mv_daily_risk_z_order RENAME TO idx_mv_daily_risk_old_z_order;
ALTER INDEX idx_mv_daily_risk_next_key RENAME TO idx_mv_daily_risk_key;
ALTER INDEX idx_mv_daily_risk_next_cell RENAME TO idx_mv_daily_risk_cell;
ALTER INDEX idx_mv_daily_risk_next_level RENAME TO idx_mv_daily_risk_level;
ALTER INDEX idx_mv_daily_risk_next_z_order RENAME TO idx_mv_daily_risk_z_order;
ALTER TABLE disclosed_risk RENAME TO disclosed_risk_old;
ALTER TABLE disclosed_risk_next RENAME TO disclosed_risk;
DELETE FROM disclosed_datasets;
INSERT INTO disclosed_datasets SELECT n.* FROM disclosed_datasets_next n JOIN datasets d ON d.slug = n.dataset;
DELETE FROM served_datasets;
INSERT INTO served_datasets (dataset, resolution, rows, first_day, last_day, west, south, east, north, events)
SELECT dataset, resolution, rows, first_day, last_day, west, south, east, north, events FROM served_next;
DELETE FROM served_marks;
INSERT INTO served_marks (dataset, mark)
SELECT slug, coalesce(nullif(current_setting('hextant.refresh_mark', true), ''), '0')::bigint FROM datasets;
UPDATE served_view SET
    generation = generation + 1,
    whole_generation = generation + 1,
    rows = (SELECT coalesce(sum(rows), 0) FROM served_next),
    refreshed_at = now(),
    -- Taken before the view was built; 0 is older than anything that a job waits for.
    refresh_mark = coalesce(nullif(current_setting('hextant.refresh_mark', true), ''), '0')::bigint;
SELECT pg_notify('hextant_generation', generation::text) FROM served_view;
SELECT pg_notify('hextant_live', dataset) FROM (SELECT DISTINCT dataset FROM served_changes) c;
