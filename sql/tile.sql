-- The layer `risk` of one vector tile of the served view, and the version of what it shows, read in one snapshot:
-- the newest generation that changed its day (docs/live.md). It is for tiles that cannot contain too many cells, nor
-- cells too small for the grid; tile_crowded.sql is for the others.
-- $1 dataset, $2 resolution, $3 day, $4 levels (empty: all), $5 zoom, $6 column, $7 row, $8 and $9 first and last
-- numbers on the Z-order curve that cells near the tile have (Sources/TileMath/ZOrder.swift), $10 box of the tile with
-- the frame that is drawn, too, $11 with the frame that clients read, $12 to $14 factor and offsets from the plane to
-- the grid
--
-- A cell is transformed to the tile's grid of 4096 units as a whole, because it is convex and small; the other work of
-- ST_AsMVTGeom takes most of its time. Rings are stored clockwise, which makes them exterior rings with y pointing
-- down. ST_AsMVT truncates ordinates towards zero, which is off by less than a unit on either side of the tile's edge;
-- if a half were added, ordinates left of or above the tile would be off by more. Clients read ordinates up to 8192
-- units, so a cell that reaches more than 4000 units beyond the tile is clipped by ST_AsMVTGeom. So are cells on the
-- antimeridian, whose two parts together are as wide as the world.
--
-- A subquery without FROM is evaluated once per tile; as a join or in place it would be evaluated for every cell.
SELECT
    (
        SELECT
            -- Nothing is looked for where nothing has changed since the last refresh of everything.
            CASE WHEN v.generation = v.whole_generation THEN v.generation ELSE greatest(v.whole_generation, (
                SELECT max(c.generation) FROM served_changes c
                WHERE c.dataset = $1 AND (c.day IS NULL OR c.day = $3))) END
        FROM served_view v) AS generation,
    coalesce(ST_AsMVT(cells, 'risk', 4096, 'geom'), '') AS layer
FROM (
    SELECT
        CASE
            WHEN m.geom_3857 @ $11::geometry
            THEN ST_Affine(m.geom_3857, $12::float8, 0, 0, -$12::float8, $13::float8, $14::float8)
            ELSE ST_AsMVTGeom(m.geom_3857, ST_TileEnvelope($5, $6, $7), 4096, 64, true)
        END AS geom,
        to_hex(m.h3_index) AS h3_index,
        m.event_count,
        -- Figures with two decimals are often equal, and each is in the tile only once, which makes it a third shorter.
        round(m.rolling_7d_avg * 100) / 100 AS rolling_7d_avg,
        round(m.growth_rate * 100) / 100 AS growth_rate,
        round(m.risk_score * 100) / 100 AS risk_score,
        -- A cast to text would look up the name for every cell.
        CASE m.risk_level WHEN 'low' THEN 'low' WHEN 'medium' THEN 'medium' WHEN 'high' THEN 'high' ELSE 'critical' END
            AS risk_level,
        round(m.z_score * 100) / 100 AS z_score,
        m.anomaly,
        m.unusual
    FROM unnest($8::bigint[], $9::bigint[]) AS near (first, last)
    -- OFFSET 0 makes the planner look up each range by the index.
    CROSS JOIN LATERAL (
        SELECT m.*
        FROM mv_daily_risk m
        WHERE m.slice = (SELECT risk_slice((SELECT d.id FROM datasets d WHERE d.slug = $1), $2, $3))
            AND m.z_order BETWEEN near.first AND near.last
            AND m.geom_3857 && $10::geometry
            AND (cardinality($4) = 0 OR m.risk_level = ANY ((SELECT $4::risk_level[])::risk_level[]))
        OFFSET 0
    ) m
) cells;
