-- The plan of a tile: see README.md. Variables: dataset, resolution, day.
\set ON_ERROR_STOP on
SET plan_cache_mode = force_generic_plan;
SET jit = off;
\set statement `cat sql/tile.sql`
PREPARE tile(text, integer, date, text[], integer, integer, integer, bigint[], bigint[], geometry, geometry, float8,
    float8, float8) AS
:statement
-- The tile at zoom 11 around the middle of the served cells.
SELECT
    floor((((west + east) / 2) + 180) / 360 * 2048)::integer AS tile_column,
    floor((1 - asinh(tan(radians((south + north) / 2))) / pi()) / 2 * 2048)::integer AS tile_row
FROM served_datasets
WHERE dataset = :'dataset' AND resolution = :resolution \gset
-- The numbers on the Z-order curve in the tile; those around it, which a server adds, are missing.
SELECT first, first + (1::bigint << 34) - 1 AS last
FROM (
    SELECT cell_z_order(0, ST_Centroid(ST_TileEnvelope(11, :tile_column, :tile_row))) >> 34 << 34 AS first
) tile \gset
EXPLAIN (ANALYZE, BUFFERS, SETTINGS)
EXECUTE tile(
    :'dataset', :resolution, :'day', '{}', 11, :tile_column, :tile_row, ARRAY[-1, :first], ARRAY[-1, :last],
    ST_TileEnvelope(11, :tile_column, :tile_row, margin => 64.0 / 4096),
    ST_TileEnvelope(11, :tile_column, :tile_row, margin => 4000.0 / 4096),
    4096 * 2048 / 40075016.685578488, 2048 * 2048 - 4096 * :tile_column, 2048 * 2048 - 4096 * :tile_row);
DEALLOCATE tile;
