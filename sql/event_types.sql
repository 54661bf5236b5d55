-- A page of the types of a dataset's events, ordered by their UTF-8 bytes: how many events there are of each, and on
-- which days the first and the last of them were. The counts of each day are stored; events are read only of days
-- without counts.
-- $1 dataset, $2 cursor (the type after which the page begins) or NULL, $3 limit, $4 minimum_count where small counts
-- of a day are hidden, else NULL
SELECT
    c.kind COLLATE "C" AS event_type, sum(c.count)::bigint AS events, min(c.day) AS first_day, max(c.day) AS last_day
FROM (
    SELECT k.kind, k.count, e.day
    FROM event_days e
    CROSS JOIN LATERAL unnest(
        CASE WHEN $4::integer IS NULL THEN e.kinds ELSE disclosed_kinds(e.kinds, $4::integer) END) AS k (kind, count)
    WHERE e.dataset = $1 AND e.counted = e.version
    UNION ALL
    SELECT u.event_type, disclosed_count(count(*), $4::integer), e.day
    FROM event_days e
    JOIN datasets d ON d.slug = e.dataset
    JOIN events u ON u.dataset = e.dataset
        AND u.event_timestamp >= e.day::timestamp AT TIME ZONE d.time_zone
        AND u.event_timestamp < (e.day + 1)::timestamp AT TIME ZONE d.time_zone
    WHERE e.dataset = $1 AND e.counted IS DISTINCT FROM e.version
    GROUP BY u.event_type, e.day
    HAVING $4::integer IS NULL OR count(*) >= $4::integer
) c
WHERE $2::text IS NULL OR c.kind COLLATE "C" > $2
GROUP BY c.kind COLLATE "C"
ORDER BY c.kind COLLATE "C"
LIMIT $3;
