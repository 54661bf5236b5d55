-- A page of the types of a dataset's events, ordered by their UTF-8 bytes: how many events there are of each, and on
-- which days the first and the last of them were.
-- $1 dataset, $2 cursor (the type after which the page begins) or NULL, $3 limit
SELECT
    t.event_type, t.events, (t.first_time AT TIME ZONE d.time_zone)::date AS first_day,
    (t.last_time AT TIME ZONE d.time_zone)::date AS last_day
FROM (
    SELECT
        e.event_type COLLATE "C" AS event_type, count(*) AS events, min(e.event_timestamp) AS first_time,
        max(e.event_timestamp) AS last_time
    FROM events e
    WHERE e.dataset = $1 AND ($2::text IS NULL OR e.event_type COLLATE "C" > $2)
    GROUP BY e.event_type COLLATE "C"
    ORDER BY e.event_type COLLATE "C"
    LIMIT $3
) t
CROSS JOIN (SELECT time_zone FROM datasets WHERE slug = $1) d
ORDER BY t.event_type;
