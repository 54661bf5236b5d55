-- The layer `risk` of a tile of several days: each cell once, with its score on day N after the first as `sN`, which is
-- missing if it has none; and the version of what the tile shows, read in the same snapshot.
-- $1 dataset, $2 resolution, $3 first day, $4 levels (empty: all), $5 zoom, $6 column, $7 row, $8 and $9 first and last
-- numbers on the Z-order curve that cells near the tile have, $10 most cells, $11 last day
--
-- Geometry and limits are those of tile_crowded.sql; cells are ranked by their highest score on any day. Scores are
-- rounded up to two decimals, so that they are above a threshold of two decimals exactly if the score itself is.
WITH frame AS MATERIALIZED (
    SELECT
        risk_slice((SELECT d.id FROM datasets d WHERE d.slug = $1), $2, $3) AS first_slice,
        risk_slice((SELECT d.id FROM datasets d WHERE d.slug = $1), $2, $11) AS last_slice,
        ST_TileEnvelope($5, $6, $7, margin => 64.0 / 4096) AS drawn,
        ST_TileEnvelope($5, $6, $7, margin => 4000.0 / 4096) AS wide,
        4096 * 2::float8 ^ $5 / 40075016.685578488 AS scale,
        2048 * 2::float8 ^ $5 - 4096::float8 * $6 AS west,
        2048 * 2::float8 ^ $5 - 4096::float8 * $7 AS north
), scored AS (
    SELECT m.h3_index, m.slice, m.risk_score, m.geom_3857
    -- Each day is looked up by itself, since the numbers are in order within a day. The planner expects few days of an
    -- array.
    FROM unnest(ARRAY(
        SELECT generate_series((SELECT first_slice FROM frame), (SELECT last_slice FROM frame))
    )) AS shown (slice)
    CROSS JOIN unnest($8::bigint[], $9::bigint[]) AS near (first, last)
    CROSS JOIN LATERAL (
        SELECT m.*
        FROM mv_daily_risk m
        WHERE m.slice = shown.slice
            AND m.z_order BETWEEN near.first AND near.last
            AND m.geom_3857 && (SELECT drawn FROM frame)
            AND (m.geom_3857 @ (SELECT wide FROM frame)
                OR ST_GeometryN(m.geom_3857, 1) && (SELECT drawn FROM frame)
                OR ST_GeometryN(m.geom_3857, 2) && (SELECT drawn FROM frame))
            AND (cardinality($4) = 0 OR m.risk_level = ANY ((SELECT $4::risk_level[])::risk_level[]))
        OFFSET 0
    ) m
), found AS MATERIALIZED (
    SELECT
        h3_index,
        any_value(geom_3857) AS geom_3857,
        ST_GeometryN(any_value(geom_3857), 1) AS part,
        jsonb_object_agg('s' || slice - (SELECT first_slice FROM frame), ceil(risk_score * 100) / 100) AS scores,
        count(*) OVER () AS total
    FROM scored
    GROUP BY h3_index
    ORDER BY max(risk_score) DESC, h3_index
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
        scores
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
                WHERE c.dataset = $1 AND (c.day IS NULL OR c.day BETWEEN $3 AND $11))) END
        FROM served_view v) AS generation,
    coalesce((SELECT ST_AsMVT(cells, 'risk', 4096, 'geom') FROM cells), '')
        || coalesce((SELECT ST_AsMVT(meta, 'meta', 4096, 'geom') FROM meta), '') AS layer,
    EXISTS (SELECT FROM meta) AS is_cut;
