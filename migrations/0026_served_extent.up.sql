-- The days and the box of what is served of a dataset. Its body is read when it is called, because a refresh puts another
-- table in the place of served_datasets.
CREATE FUNCTION served_extent(asked text)
    RETURNS TABLE (
        first_day date, last_day date, west double precision, south double precision, east double precision,
        north double precision)
    LANGUAGE sql STABLE AS $$
    -- If the box of a resolution crosses the antimeridian, the boxes of others lie on one of its sides, and the box
    -- around all of them crosses it too. One on both sides of the meridian of Greenwich leaves nothing but the world.
    SELECT
        min(first_day) AS first_day, max(last_day) AS last_day,
        CASE
            WHEN NOT crosses THEN min(west)
            WHEN is_world THEN -180
            ELSE min(west) FILTER (WHERE west > east OR west >= 0)
        END AS west,
        min(south) AS south,
        CASE
            WHEN NOT crosses THEN max(east)
            WHEN is_world THEN 180
            ELSE max(east) FILTER (WHERE west > east OR east <= 0)
        END AS east,
        max(north) AS north
    FROM served_datasets
    CROSS JOIN (
        SELECT
            bool_or(west > east) AS crosses,
            bool_or(west <= east AND west < 0 AND east > 0)
                OR min(west) FILTER (WHERE west > east OR west >= 0)
                    <= max(east) FILTER (WHERE west > east OR east <= 0) AS is_world
        FROM served_datasets
        WHERE dataset = asked
    ) sides
    WHERE dataset = asked
    GROUP BY crosses, is_world
$$;
