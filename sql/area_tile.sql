-- The layer `areas` of one vector tile, and the generation of the last refresh of everything, read in one snapshot.
-- $1 id of the layer of areas, $2 band of zooms, $3 zoom, $4 column, $5 row, $6 numbers of the areas whose boxes touch
-- the tile, $7 the value of the figure of each (not a number: none), $8 its events (-1: not counted), $9 how many areas
-- were left out
--
-- Which areas touch the tile is known from their boxes in memory, so that they are found by their keys. One that does
-- not reach far beyond the tile is moved into its grid as a whole, with the rounding of ST_AsMVTGeom, so that a border
-- is the same on both sides; rings are stored clockwise, which makes them exterior rings with y pointing down.
SELECT
    (SELECT v.whole_generation FROM served_view v) AS generation,
    coalesce(ST_AsMVT(drawn, 'areas', 4096, 'geom', 'number'), '') || (
        SELECT coalesce(ST_AsMVT(meta, 'meta', 4096, 'geom'), '')
        FROM (
            SELECT ST_MakePoint(2048, 2048) AS geom, cardinality($6::integer[]) + $9 AS total,
                cardinality($6) AS shown, 'too many areas' AS reason
            WHERE $9::integer > 0
        ) meta
    ) AS layer
FROM (
    SELECT
        f.number,
        CASE WHEN s.geom_3857 @ (SELECT ST_TileEnvelope($3, $4, $5, margin => 4000.0 / 4096))
            THEN ST_SnapToGrid(ST_Affine(
                s.geom_3857,
                (SELECT 4096 * 2::float8 ^ $3 / 40075016.685578488), 0,
                0, (SELECT -4096 * 2::float8 ^ $3 / 40075016.685578488),
                (SELECT 2048 * 2::float8 ^ $3 - 4096::float8 * $4),
                (SELECT 2048 * 2::float8 ^ $3 - 4096::float8 * $5)), 1)
            ELSE ST_AsMVTGeom(s.geom_3857, (SELECT ST_TileEnvelope($3, $4, $5)), 4096, 64, true)
        END AS geom,
        a.id, a.name, nullif(f.value, 'NaN') AS value, nullif(f.events, -1) AS events
    FROM unnest($6::integer[], $7::float8[], $8::bigint[]) AS f (number, value, events)
    JOIN area_shapes s ON s.layer_id = $1 AND s.band = $2::integer AND s.number = f.number
        AND s.geom_3857 && (SELECT ST_TileEnvelope($3, $4, $5, margin => 64.0 / 4096))
    JOIN areas a ON a.layer_id = $1 AND a.number = f.number
) drawn
WHERE geom IS NOT NULL;
