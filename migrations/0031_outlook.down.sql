CREATE OR REPLACE FUNCTION name_cells_of_layer() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM name_cells('mv_daily_risk', NEW.id, NULL);
    RETURN NULL;
END
$$;
CREATE OR REPLACE FUNCTION name_cells_of_dataset() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM name_cells('mv_daily_risk', NULL, NEW.slug);
    RETURN NULL;
END
$$;
DROP TABLE outlook_evaluations;
DROP FUNCTION served_outlook_days(text);
DROP TABLE served_outlooks;
DROP MATERIALIZED VIEW IF EXISTS mv_cell_outlook_next;
DROP MATERIALIZED VIEW IF EXISTS mv_cell_outlook_old;
DROP MATERIALIZED VIEW mv_cell_outlook;
DROP VIEW cell_outlook;
DROP TABLE outlooks;
DROP TABLE kind_counts;
ALTER TABLE datasets DROP COLUMN groups;
