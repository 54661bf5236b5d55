-- The layer `outlook` of one vector tile of the served view, and the version of what it shows, read in one snapshot.
-- It is for tiles that cannot contain too many cells, nor cells too small for the grid; tile_outlook_crowded.sql is for
-- the others. Geometry is made as in tile.sql.
-- $1 dataset, $2 resolution, $3 last day that the outlook knows, $4 kind, $5 place of the period (1 to 4), $6 classes
-- (empty: all), $7 zoom, $8 column, $9 row, $10 and $11 first and last numbers on the Z-order curve that cells near the
-- tile have
SELECT
    (
        SELECT
            -- Nothing is looked for where nothing has changed since the last refresh of everything.
            CASE WHEN v.generation = v.whole_generation THEN v.generation ELSE greatest(v.whole_generation, (
                SELECT c.generation FROM served_changes c
                WHERE c.dataset = $1 AND c.day IS NULL)) END
        FROM served_view v) AS generation,
    coalesce(ST_AsMVT(cells, 'outlook', 4096, 'geom'), '') AS layer
FROM (
    SELECT
        CASE
            WHEN m.geom_3857 @ (SELECT ST_TileEnvelope($7, $8, $9, margin => 4000.0 / 4096))
            THEN ST_Affine(
                m.geom_3857,
                (SELECT 4096 * 2::float8 ^ $7 / 40075016.685578488), 0,
                0, (SELECT -4096 * 2::float8 ^ $7 / 40075016.685578488),
                (SELECT 2048 * 2::float8 ^ $7 - 4096::float8 * $8),
                (SELECT 2048 * 2::float8 ^ $7 - 4096::float8 * $9))
            ELSE ST_AsMVTGeom(m.geom_3857, (SELECT ST_TileEnvelope($7, $8, $9)), 4096, 64, true)
        END AS geom,
        to_hex(m.h3_index) AS h3_index,
        m.events[$5] AS events,
        round(100 * m.events[$5]::float8 / (SELECT (ARRAY[7, 28, 90, 365])[$5])) / 100 AS events_per_day,
        round(
            10000 * (m.events[$5] - m.events_before[$5])::float8 / nullif(m.events_before[$5], 0)) / 100
            AS change_percent,
        round(m.change_ps[$5] * 10000) / 10000 AS change_p,
        m.trends[$5] AS trend,
        round(m.max_scores[$5] * 100) / 100 AS max_score,
        m.days_flagged[$5] AS days_flagged,
        m.class,
        round(m.gi_z * 100) / 100 AS gi_z,
        round(m.expected * 10000) / 10000 AS expected,
        round(m.chance * 10000) / 10000 AS chance,
        m.lower_50, m.upper_50, m.lower_90, m.upper_90
    FROM unnest($10::bigint[], $11::bigint[]) AS near (first, last)
    CROSS JOIN LATERAL (
        SELECT m.*
        FROM mv_cell_outlook m
        WHERE m.slice = (
            SELECT s.slice FROM served_outlooks s
            WHERE s.dataset = $1 AND s.resolution = $2 AND s.as_of = $3 AND s.kind = $4)
            AND m.z_order BETWEEN near.first AND near.last
            AND m.geom_3857 && (SELECT ST_TileEnvelope($7, $8, $9, margin => 64.0 / 4096))
            AND (cardinality($6::text[]) = 0 OR m.class = ANY ($6::text[]))
        OFFSET 0
    ) m
) cells;
