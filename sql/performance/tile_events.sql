-- The plan of the points of a tile: see README.md. Variables: dataset, day.
\set ON_ERROR_STOP on
SET plan_cache_mode = force_generic_plan;
SET jit = off;
\set statement `cat sql/tile_events.sql`
PREPARE tile(text, date, date, integer, integer, integer, bigint) AS
:statement
-- The tile at zoom 13 around the middle of the served cells.
SELECT
    floor((((min(west) + max(east)) / 2) + 180) / 360 * 8192)::integer AS tile_column,
    floor((1 - asinh(tan(radians((min(south) + max(north)) / 2))) / pi()) / 2 * 8192)::integer AS tile_row
FROM served_datasets
WHERE dataset = :'dataset' \gset
EXPLAIN (ANALYZE, BUFFERS, SETTINGS)
EXECUTE tile(:'dataset', :'day', :'day', 13, :tile_column, :tile_row, 5000);
DEALLOCATE tile;
