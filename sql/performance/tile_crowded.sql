-- The plan of a tile that may contain too many cells: see README.md. Variables: dataset, resolution, day.
\set ON_ERROR_STOP on
SET plan_cache_mode = force_generic_plan;
SET jit = off;
\set statement `cat sql/tile_crowded.sql`
PREPARE tile(text, integer, date, text[], integer, integer, integer, bigint) AS
:statement
-- The tile at zoom 8 around the middle of the served cells.
SELECT
    floor((((west + east) / 2) + 180) / 360 * 256)::integer AS tile_column,
    floor((1 - asinh(tan(radians((south + north) / 2))) / pi()) / 2 * 256)::integer AS tile_row
FROM served_datasets
WHERE dataset = :'dataset' AND resolution = :resolution \gset
EXPLAIN (ANALYZE, BUFFERS, SETTINGS)
EXECUTE tile(:'dataset', :resolution, :'day', '{}', 8, :tile_column, :tile_row, 5000);
DEALLOCATE tile;
