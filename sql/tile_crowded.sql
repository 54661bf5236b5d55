-- The same as tile.sql, for tiles that may contain too many cells, or cells too small for the grid.
-- $1 dataset, $2 resolution, $3 day, $4 levels (empty: all), $5 zoom, $6 column, $7 row, $8 and $9 first and last
-- numbers on the Z-order curve that cells near the tile have, $10 most cells
--
-- If there are more than $10 cells, the tile contains those with the highest risk, and a layer `meta` says so. A cell
-- too small for the grid would vanish, so it is drawn as the unit that contains its centre.
WITH frame AS MATERIALIZED (
    SELECT
        risk_slice((SELECT d.id FROM datasets d WHERE d.slug = $1), $2, $3) AS slice,
        ST_TileEnvelope($5, $6, $7, margin => 64.0 / 4096) AS drawn,
        ST_TileEnvelope($5, $6, $7, margin => 4000.0 / 4096) AS wide,
        4096 * 2::float8 ^ $5 / 40075016.685578488 AS scale,
        2048 * 2::float8 ^ $5 - 4096::float8 * $6 AS west,
        2048 * 2::float8 ^ $5 - 4096::float8 * $7 AS north
), found AS MATERIALIZED (
    SELECT
        m.h3_index, m.event_count, m.rolling_7d_avg, m.growth_rate, m.risk_score, m.risk_level, m.z_score, m.anomaly,
        m.unusual, m.geom_3857, ST_GeometryN(m.geom_3857, 1) AS part, count(*) OVER () AS total
    FROM unnest($8::bigint[], $9::bigint[]) AS near (first, last)
    CROSS JOIN LATERAL (
        SELECT m.*
        FROM mv_daily_risk m
        WHERE m.slice = (SELECT slice FROM frame)
            AND m.z_order BETWEEN near.first AND near.last
            AND m.geom_3857 && (SELECT drawn FROM frame)
            -- The box around both parts of a cell on the antimeridian touches every tile of its latitude.
            AND (m.geom_3857 @ (SELECT wide FROM frame)
                OR ST_GeometryN(m.geom_3857, 1) && (SELECT drawn FROM frame)
                OR ST_GeometryN(m.geom_3857, 2) && (SELECT drawn FROM frame))
            AND (cardinality($4) = 0 OR m.risk_level = ANY ((SELECT $4::risk_level[])::risk_level[]))
        OFFSET 0
    ) m
    ORDER BY m.risk_score DESC, m.h3_index
    LIMIT $10
), cells AS (
    SELECT
        CASE
            WHEN ST_XMax(part) - ST_XMin(part) <= 2 / (SELECT scale FROM frame)
            THEN CASE
                WHEN part && (SELECT drawn FROM frame)
                THEN ST_Affine(
                    ST_GeomFromText('POLYGON((0 0, 1 0, 1 1, 0 1, 0 0))', 3857), 1, 0, 0, 1,
                    floor((ST_XMin(part) + ST_XMax(part)) / 2 * (SELECT scale FROM frame) + (SELECT west FROM frame)),
                    floor((ST_YMin(part) + ST_YMax(part)) / 2 * (SELECT -scale FROM frame) + (SELECT north FROM frame)))
            END
            WHEN geom_3857 @ (SELECT wide FROM frame)
            THEN ST_Affine(
                geom_3857, (SELECT scale FROM frame), 0, 0, (SELECT -scale FROM frame),
                (SELECT west FROM frame), (SELECT north FROM frame))
            ELSE ST_AsMVTGeom(geom_3857, (SELECT ST_TileEnvelope($5, $6, $7)), 4096, 64, true)
        END AS geom,
        to_hex(h3_index) AS h3_index,
        event_count,
        round(rolling_7d_avg * 100) / 100 AS rolling_7d_avg,
        round(growth_rate * 100) / 100 AS growth_rate,
        round(risk_score * 100) / 100 AS risk_score,
        CASE risk_level WHEN 'low' THEN 'low' WHEN 'medium' THEN 'medium' WHEN 'high' THEN 'high' ELSE 'critical' END
            AS risk_level,
        round(z_score * 100) / 100 AS z_score,
        anomaly,
        unusual
    FROM found
), meta AS (
    SELECT ST_MakePoint(2048, 2048) AS geom, max(total) AS total, count(*) AS shown, 'too many cells' AS reason
    FROM found
    HAVING max(total) > count(*)
)
SELECT
    (
        SELECT
            -- Nothing is looked for where nothing has changed since the last refresh of everything.
            CASE WHEN v.generation = v.whole_generation THEN v.generation ELSE greatest(v.whole_generation, (
                SELECT max(c.generation) FROM served_changes c
                WHERE c.dataset = $1 AND (c.day IS NULL OR c.day = $3))) END
        FROM served_view v) AS generation,
    coalesce((SELECT ST_AsMVT(cells, 'risk', 4096, 'geom') FROM cells), '')
        || coalesce((SELECT ST_AsMVT(meta, 'meta', 4096, 'geom') FROM meta), '') AS layer,
    EXISTS (SELECT FROM meta) AS is_cut;
