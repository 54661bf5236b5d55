-- The same as tile_outlook.sql, for tiles that may contain too many cells, or cells too small for the grid.
-- $1 dataset, $2 resolution, $3 last day that the outlook knows, $4 kind, $5 place of the period (1 to 4), $6 classes
-- (empty: all), $7 zoom, $8 column, $9 row, $10 and $11 first and last numbers on the Z-order curve that cells near the
-- tile have, $12 most cells
--
-- If there are more than $12 cells, the tile contains those with the most expected events, and a layer `meta` says so.
-- A cell too small for the grid would vanish, so it is drawn as the unit that contains its centre.
WITH frame AS MATERIALIZED (
    SELECT
        (SELECT s.slice FROM served_outlooks s
            WHERE s.dataset = $1 AND s.resolution = $2 AND s.as_of = $3 AND s.kind = $4) AS slice,
        (ARRAY[7, 28, 90, 365])[$5] AS days,
        ST_TileEnvelope($7, $8, $9, margin => 64.0 / 4096) AS drawn,
        ST_TileEnvelope($7, $8, $9, margin => 4000.0 / 4096) AS wide,
        4096 * 2::float8 ^ $7 / 40075016.685578488 AS scale,
        2048 * 2::float8 ^ $7 - 4096::float8 * $8 AS west,
        2048 * 2::float8 ^ $7 - 4096::float8 * $9 AS north
), found AS MATERIALIZED (
    SELECT
        m.h3_index, m.events[$5] AS events, m.events_before[$5] AS events_before, m.change_ps[$5] AS change_p,
        m.trends[$5] AS trend, m.max_scores[$5] AS max_score, m.days_flagged[$5] AS days_flagged, m.class, m.gi_z,
        m.expected, m.chance, m.lower_50, m.upper_50, m.lower_90, m.upper_90, m.geom_3857,
        ST_GeometryN(m.geom_3857, 1) AS part, count(*) OVER () AS total
    FROM unnest($10::bigint[], $11::bigint[]) AS near (first, last)
    CROSS JOIN LATERAL (
        SELECT m.*
        FROM mv_cell_outlook m
        WHERE m.slice = (SELECT slice FROM frame)
            AND m.z_order BETWEEN near.first AND near.last
            AND m.geom_3857 && (SELECT drawn FROM frame)
            -- The box around both parts of a cell on the antimeridian touches every tile of its latitude.
            AND (m.geom_3857 @ (SELECT wide FROM frame)
                OR ST_GeometryN(m.geom_3857, 1) && (SELECT drawn FROM frame)
                OR ST_GeometryN(m.geom_3857, 2) && (SELECT drawn FROM frame))
            AND (cardinality($6::text[]) = 0 OR m.class = ANY ($6::text[]))
        OFFSET 0
    ) m
    ORDER BY m.expected DESC, m.h3_index
    LIMIT $12
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
            ELSE ST_AsMVTGeom(geom_3857, (SELECT ST_TileEnvelope($7, $8, $9)), 4096, 64, true)
        END AS geom,
        to_hex(h3_index) AS h3_index,
        events,
        round(100 * events::float8 / (SELECT days FROM frame)) / 100 AS events_per_day,
        round(10000 * (events - events_before)::float8 / nullif(events_before, 0)) / 100 AS change_percent,
        round(change_p * 10000) / 10000 AS change_p,
        trend,
        round(max_score * 100) / 100 AS max_score,
        days_flagged,
        class,
        round(gi_z * 100) / 100 AS gi_z,
        round(expected * 10000) / 10000 AS expected,
        round(chance * 10000) / 10000 AS chance,
        lower_50, upper_50, lower_90, upper_90
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
                SELECT c.generation FROM served_changes c
                WHERE c.dataset = $1 AND c.day IS NULL)) END
        FROM served_view v) AS generation,
    coalesce((SELECT ST_AsMVT(cells, 'outlook', 4096, 'geom') FROM cells), '')
        || coalesce((SELECT ST_AsMVT(meta, 'meta', 4096, 'geom') FROM meta), '') AS layer,
    EXISTS (SELECT FROM meta) AS is_cut;
