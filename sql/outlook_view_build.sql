-- Builds the next mv_cell_outlook next to the served one, in the order and with the indexes that reads need. It runs
-- with the build of mv_daily_risk and on the same connection.
DROP TABLE IF EXISTS mv_cell_outlook_next;
CREATE TABLE mv_cell_outlook_next AS SELECT * FROM cell_outlook ORDER BY slice, h3_index;
CREATE UNIQUE INDEX idx_mv_cell_outlook_next_key ON mv_cell_outlook_next (slice, h3_index);
CREATE INDEX idx_mv_cell_outlook_next_expected ON mv_cell_outlook_next (slice, (-expected), h3_index);
CREATE INDEX idx_mv_cell_outlook_next_geom_gist ON mv_cell_outlook_next USING gist (slice, geom_3857);
CREATE INDEX idx_mv_cell_outlook_next_cell ON mv_cell_outlook_next (dataset, resolution, h3_index);
-- A study area has cells without scores, which get the names of their areas here.
DO $$
BEGIN
    PERFORM name_cells('mv_cell_outlook_next', NULL, NULL);
EXCEPTION WHEN internal_error THEN
    RAISE WARNING 'the cells of outlooks were not named: %', SQLERRM;
END
$$;
CREATE TEMP TABLE served_outlooks_next AS
SELECT DISTINCT dataset, resolution, as_of, kind, slice FROM mv_cell_outlook_next;
-- No plan needs statistics of geom or of arrays, and sampling them would be most of the cost.
ANALYZE mv_cell_outlook_next (
    slice, dataset, resolution, as_of, kind, horizon, h3_index, class, urgency, gi_z, gi_trend_p, expected, chance,
    lower_50, upper_50, lower_90, upper_90, geom_3857);
DO $$
BEGIN
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'hextant_reader') THEN
        GRANT SELECT ON mv_cell_outlook_next TO hextant_reader;
    END IF;
END
$$;
