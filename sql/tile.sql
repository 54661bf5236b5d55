-- One vector tile of the served view, with the generation it was made from: both are read by one snapshot.
-- $1 dataset, $2 resolution, $3 day, $4 levels (empty: all), $5 zoom, $6 column, $7 row
--
-- A margin of 64 of the tile's 4096 units is drawn around it, so that outlines do not show at the seams. A cell too
-- small for the grid is drawn as the one unit that holds its centre: at low zooms it would vanish otherwise. Both
-- queries are materialized, so that no outline and no bound is made more than once.
WITH bounds AS MATERIALIZED (
    SELECT
        ST_TileEnvelope($5, $6, $7) AS tile,
        ST_TileEnvelope($5, $6, $7, margin => 64.0 / 4096) AS drawn,
        2 * 20037508.342789244::float8 / (4096 * 2::float8 ^ $5::float8) AS unit
), cells AS MATERIALIZED (
    SELECT
        CASE
            WHEN ST_XMax(part) - ST_XMin(part) > 2 * bounds.unit
            THEN ST_AsMVTGeom(m.geom_3857, bounds.tile, 4096, 64, true)
            ELSE ST_AsMVTGeom(
                ST_Translate(
                    ST_MakeEnvelope(0, 0, bounds.unit, bounds.unit, 3857),
                    floor(ST_X(ST_Centroid(part)) / bounds.unit) * bounds.unit,
                    floor(ST_Y(ST_Centroid(part)) / bounds.unit) * bounds.unit),
                bounds.tile, 4096, 64, true)
        END AS geom,
        to_hex(m.h3_index) AS h3_index,
        m.event_count,
        m.rolling_7d_avg,
        m.growth_rate,
        m.risk_score,
        m.risk_level::text AS risk_level,
        m.z_score,
        m.anomaly
    FROM mv_daily_risk m
    CROSS JOIN bounds
    -- A cell over the antimeridian is in two parts, which together are as wide as the world.
    CROSS JOIN LATERAL ST_GeometryN(m.geom_3857, 1) AS part
    WHERE m.slice = risk_slice((SELECT d.id FROM datasets d WHERE d.slug = $1), $2, $3)
        AND m.geom_3857 && bounds.drawn
        AND (cardinality($4) = 0 OR m.risk_level = ANY ($4::risk_level[]))
)
SELECT
    (SELECT v.generation FROM served_view v),
    coalesce((SELECT ST_AsMVT(cells, 'risk', 4096, 'geom') FROM cells WHERE cells.geom IS NOT NULL), '');
