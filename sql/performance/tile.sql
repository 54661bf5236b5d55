-- The plan of a tile: see README.md. Variables: dataset, resolution, day.
\set ON_ERROR_STOP on
SET plan_cache_mode = force_generic_plan;
SET jit = off;
\set statement `cat sql/tile.sql`
PREPARE tile(text, integer, date, text[], integer, integer, integer) AS
:statement
-- The tile at zoom 11 around the middle of the served cells.
SELECT
    floor((((west + east) / 2) + 180) / 360 * 2048)::integer AS tile_column,
    floor((1 - asinh(tan(radians((south + north) / 2))) / pi()) / 2 * 2048)::integer AS tile_row
FROM served_datasets
WHERE dataset = :'dataset' AND resolution = :resolution \gset
EXPLAIN (ANALYZE, BUFFERS, SETTINGS)
EXECUTE tile(:'dataset', :resolution, :'day', '{}', 11, :tile_column, :tile_row);
DEALLOCATE tile;
