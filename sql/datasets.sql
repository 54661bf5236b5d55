-- A page of datasets, with the columns of dataset.sql and the part of the served view of each.
-- $1 all, open (those that are public) or none, $2 slugs of others, $3 only slugs after this, $4 limit
WITH page AS (
    -- One subquery for each of them, so that an index gives each in order however many datasets are hidden.
    (SELECT slug FROM datasets WHERE $1::text = 'all' AND slug > $3::text ORDER BY slug LIMIT $4::bigint)
    UNION
    (SELECT slug FROM datasets
        WHERE $1::text = 'open' AND visibility = 'public' AND slug > $3::text ORDER BY slug LIMIT $4::bigint)
    UNION
    (SELECT slug FROM datasets WHERE slug = ANY ($2::text[]) AND slug > $3::text ORDER BY slug LIMIT $4::bigint)
    ORDER BY slug
    LIMIT $4::bigint
)
SELECT
    d.slug, d.title, d.licence, d.licence_url, d.attribution, d.time_zone, d.visibility::text,
    array_to_string(d.resolutions, ',') AS resolutions, d.weight_count, d.weight_growth, d.weight_average,
    d.level_medium, d.level_high, d.level_critical, d.flag_z, d.retention_days,
    s.first_day, s.last_day, s.west, s.south, s.east, s.north,
    (SELECT generation FROM served_view)
FROM page
JOIN datasets d USING (slug)
LEFT JOIN LATERAL (
    -- If the box of a resolution crosses the antimeridian, the boxes of others lie on one of its sides, and the box
    -- around all of them crosses it too. One on both sides of the meridian of Greenwich leaves nothing but the world.
    SELECT
        min(first_day) AS first_day, max(last_day) AS last_day, min(south) AS south, max(north) AS north,
        CASE
            WHEN NOT crosses THEN min(west)
            WHEN is_world THEN -180
            ELSE min(west) FILTER (WHERE west > east OR west >= 0)
        END AS west,
        CASE
            WHEN NOT crosses THEN max(east)
            WHEN is_world THEN 180
            ELSE max(east) FILTER (WHERE west > east OR east <= 0)
        END AS east
    FROM served_datasets
    CROSS JOIN (
        SELECT
            bool_or(west > east) AS crosses,
            bool_or(west <= east AND west < 0 AND east > 0)
                OR min(west) FILTER (WHERE west > east OR west >= 0)
                    <= max(east) FILTER (WHERE west > east OR east <= 0) AS is_world
        FROM served_datasets
        WHERE dataset = d.slug
    ) sides
    WHERE dataset = d.slug
    GROUP BY crosses, is_world
) s ON true
ORDER BY d.slug;
