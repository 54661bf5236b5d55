-- Replaces mv_cell_outlook by mv_cell_outlook_next. It runs in the transaction of view_swap.sql, so that both views are
-- of one generation.
ALTER TABLE mv_cell_outlook RENAME TO mv_cell_outlook_old;
ALTER TABLE mv_cell_outlook_next RENAME TO mv_cell_outlook;
ALTER INDEX idx_mv_cell_outlook_key RENAME TO idx_mv_cell_outlook_old_key;
ALTER INDEX idx_mv_cell_outlook_expected RENAME TO idx_mv_cell_outlook_old_expected;
ALTER INDEX idx_mv_cell_outlook_z_order RENAME TO idx_mv_cell_outlook_old_z_order;
ALTER INDEX idx_mv_cell_outlook_cell RENAME TO idx_mv_cell_outlook_old_cell;
ALTER INDEX idx_mv_cell_outlook_next_key RENAME TO idx_mv_cell_outlook_key;
ALTER INDEX idx_mv_cell_outlook_next_expected RENAME TO idx_mv_cell_outlook_expected;
ALTER INDEX idx_mv_cell_outlook_next_z_order RENAME TO idx_mv_cell_outlook_z_order;
ALTER INDEX idx_mv_cell_outlook_next_cell RENAME TO idx_mv_cell_outlook_cell;
DELETE FROM served_outlooks;
-- A dataset may have been deleted while the view was built.
INSERT INTO served_outlooks (dataset, resolution, as_of, kind, slice)
SELECT n.dataset, n.resolution, n.as_of, n.kind, n.slice
FROM served_outlooks_next n
WHERE EXISTS (SELECT FROM datasets d WHERE d.slug = n.dataset);
