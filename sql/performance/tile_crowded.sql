-- The plan of a tile that may contain too many cells: see README.md. Variables: dataset, resolution, day.
\set ON_ERROR_STOP on
SET plan_cache_mode = force_generic_plan;
SET jit = off;
\set statement `cat sql/tile_crowded.sql`
PREPARE tile(text, integer, date, text[], integer, integer, integer, bigint[], bigint[], bigint) AS
:statement
-- The tile at zoom 8 around the middle of the served cells.
SELECT
    floor((((west + east) / 2) + 180) / 360 * 256)::integer AS tile_column,
    floor((1 - asinh(tan(radians((south + north) / 2))) / pi()) / 2 * 256)::integer AS tile_row
FROM served_datasets
WHERE dataset = :'dataset' AND resolution = :resolution \gset
-- The numbers on the Z-order curve in the tile; those around it, which a server adds, are missing.
SELECT first, first + (1::bigint << 40) - 1 AS last
FROM (
    SELECT cell_z_order(0, ST_Centroid(ST_TileEnvelope(8, :tile_column, :tile_row))) >> 40 << 40 AS first
) tile \gset
EXPLAIN (ANALYZE, BUFFERS, SETTINGS)
EXECUTE tile(
    :'dataset', :resolution, :'day', '{}', 8, :tile_column, :tile_row, ARRAY[-1, :first], ARRAY[-1, :last], 5000);
DEALLOCATE tile;
