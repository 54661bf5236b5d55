-- Builds the next mv_cell_outlook next to the served one, in the order and with the indexes that reads need. It runs
-- on a connection of its own beside the first steps of view_build.sql.
DROP TABLE IF EXISTS mv_cell_outlook_next;
CREATE TABLE mv_cell_outlook_next AS SELECT * FROM cell_outlook ORDER BY slice, z_order;
CREATE UNIQUE INDEX idx_mv_cell_outlook_next_key ON mv_cell_outlook_next (slice, h3_index);
CREATE INDEX idx_mv_cell_outlook_next_expected ON mv_cell_outlook_next (slice, (-expected), h3_index);
CREATE INDEX idx_mv_cell_outlook_next_z_order ON mv_cell_outlook_next (slice, z_order);
CREATE INDEX idx_mv_cell_outlook_next_cell ON mv_cell_outlook_next (dataset, resolution, h3_index);
-- No plan needs statistics of geom or of arrays, and sampling them would be most of the cost.
ANALYZE mv_cell_outlook_next (
    slice, dataset, resolution, as_of, kind, horizon, h3_index, class, urgency, gi_z, gi_trend_p, expected, chance,
    lower_50, upper_50, lower_90, upper_90, z_order);
DO $$
BEGIN
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'hextant_reader') THEN
        GRANT SELECT ON mv_cell_outlook_next TO hextant_reader;
    END IF;
END
$$;
