-- The layer `risk` of one vector tile of the served view, and the generation it was made from: both are read by one
-- snapshot. For tiles that cannot hold too many cells, nor cells too small for the grid; tile_crowded.sql is for
-- others.
-- $1 dataset, $2 resolution, $3 day, $4 levels (empty: all), $5 zoom, $6 column, $7 row
--
-- A cell is moved into the tile's grid of 4096 units whole, for it is convex and small, and what ST_AsMVTGeom does
-- beside that takes most of its time. Rings are stored clockwise, so that they are exterior ones with y down. ST_AsMVT
-- drops the fraction of an ordinate, towards zero, so it is off by less than a unit on either side of the tile's edge;
-- with a half added, what lies left of or above the tile would be off by more. Clients read ordinates to 8192 units, so
-- a cell that reaches further than 4000 units beyond the tile is clipped by ST_AsMVTGeom; so are cells over the
-- antimeridian, whose two parts together are as wide as the world.
--
-- A subquery without FROM is evaluated once for the tile; the same as a join or in place would be for every cell.
SELECT
    (SELECT v.generation FROM served_view v),
    coalesce(ST_AsMVT(cells, 'risk', 4096, 'geom'), '')
FROM (
    SELECT
        CASE
            WHEN m.geom_3857 @ (SELECT ST_TileEnvelope($5, $6, $7, margin => 4000.0 / 4096))
            THEN ST_Affine(
                m.geom_3857,
                (SELECT 4096 * 2::float8 ^ $5 / 40075016.685578488), 0,
                0, (SELECT -4096 * 2::float8 ^ $5 / 40075016.685578488),
                (SELECT 2048 * 2::float8 ^ $5 - 4096::float8 * $6),
                (SELECT 2048 * 2::float8 ^ $5 - 4096::float8 * $7))
            ELSE ST_AsMVTGeom(m.geom_3857, (SELECT ST_TileEnvelope($5, $6, $7)), 4096, 64, true)
        END AS geom,
        to_hex(m.h3_index) AS h3_index,
        m.event_count,
        -- Figures of two decimals are often equal, and each is in the tile once: it is a third shorter.
        round(m.rolling_7d_avg * 100) / 100 AS rolling_7d_avg,
        round(m.growth_rate * 100) / 100 AS growth_rate,
        round(m.risk_score * 100) / 100 AS risk_score,
        -- A cast to text would look the name up for every cell.
        CASE m.risk_level WHEN 'low' THEN 'low' WHEN 'medium' THEN 'medium' WHEN 'high' THEN 'high' ELSE 'critical' END
            AS risk_level,
        round(m.z_score * 100) / 100 AS z_score,
        m.anomaly
    FROM mv_daily_risk m
    WHERE m.slice = risk_slice((SELECT d.id FROM datasets d WHERE d.slug = $1), $2, $3)
        AND m.geom_3857 && (SELECT ST_TileEnvelope($5, $6, $7, margin => 64.0 / 4096))
        AND (cardinality($4) = 0 OR m.risk_level = ANY ((SELECT $4::risk_level[])::risk_level[]))
) cells;
