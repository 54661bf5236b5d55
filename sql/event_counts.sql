-- A page of the number of events by day and type. Days are those of the dataset's time zone.
-- $1 dataset, $2 first day, $3 last day, $4 event types (empty: all), $5 to $8 west, south, east, north or NULL, $9
-- drawn polygon (EWKB) or NULL, $10 $11 cursor (day and type), $12 limit, $13 minimum_count where
-- small counts are hidden, else NULL
--
-- The first day is not before the day of the cursor, so that a page does not count the days of earlier pages again. A
-- local day begins and ends within 16 hours of the day in UTC: from these bounds the planner knows which partitions to
-- leave out, since they follow from the parameters alone.
WITH counted AS (
    SELECT (e.event_timestamp AT TIME ZONE d.time_zone)::date AS day, e.event_type COLLATE "C" AS event_type
    FROM datasets d
    JOIN events e ON e.dataset = d.slug
    WHERE d.slug = $1
        AND e.event_timestamp >= ($2::date::timestamp - interval '16 hours') AT TIME ZONE 'UTC'
        AND e.event_timestamp < ($3::date::timestamp + interval '40 hours') AT TIME ZONE 'UTC'
        AND e.event_timestamp >= (
            SELECT greatest($2::date, $10::date)::timestamp AT TIME ZONE z.time_zone FROM datasets z WHERE z.slug = $1)
        AND e.event_timestamp < (
            SELECT ($3::date + 1)::timestamp AT TIME ZONE z.time_zone FROM datasets z WHERE z.slug = $1)
        AND (cardinality($4::text[]) = 0 OR e.event_type = ANY ($4))
        AND ($5::float8 IS NULL OR (
            ST_Y(e.geom) BETWEEN $6 AND $8
            AND CASE WHEN $5 <= $7 THEN ST_X(e.geom) BETWEEN $5 AND $7
                ELSE ST_X(e.geom) >= $5 OR ST_X(e.geom) <= $7 END))
        AND ($9::bytea IS NULL OR ST_Intersects(e.geom, (SELECT ST_GeomFromEWKB($9))))
        -- filter
)
SELECT c.day, c.event_type, disclosed_count(count(*), $13::integer) AS count
FROM counted c
WHERE (c.day, c.event_type) > ($10::date, $11::text COLLATE "C")
GROUP BY c.day, c.event_type
HAVING $13::integer IS NULL OR count(*) >= $13::integer
ORDER BY c.day, c.event_type
LIMIT $12;
