-- The days of a dataset whose events, or those of the week before, are not the ones that its served rows were made of,
-- the newest first; each with the build that is served and the sum of the versions of these events.
-- $1 dataset, $2 first day that is kept or NULL, $3 limit
WITH build AS (
    SELECT m.mark FROM served_marks m WHERE m.dataset = $1
), scales AS (
    SELECT count(DISTINCT k.resolution) AS resolutions, min(k.from_day) AS first_day
    FROM served_scales k
    WHERE k.dataset = $1 AND k.mark = (SELECT mark FROM build)
), known AS (
    SELECT d.day, count(*) AS resolutions, min(d.stamp) AS oldest, max(d.stamp) AS newest
    FROM served_days d
    WHERE d.dataset = $1 AND d.mark = (SELECT mark FROM build)
    GROUP BY d.day
)
SELECT b.mark, e.day, e.stamp
FROM (
    SELECT
        v.day,
        (sum(v.version) OVER (
            ORDER BY v.day RANGE BETWEEN interval '7 days' PRECEDING AND CURRENT ROW))::bigint AS stamp
    FROM event_days v
    WHERE v.dataset = $1
) e
CROSS JOIN build b
CROSS JOIN scales s
LEFT JOIN known k ON k.day = e.day
WHERE s.resolutions > 0
    -- Days before the first are left out by the runs of the dataset.
    AND e.day >= s.first_day
    AND ($2::date IS NULL OR e.day >= $2)
    AND (k.resolutions IS DISTINCT FROM s.resolutions OR k.oldest <> e.stamp OR k.newest <> e.stamp)
ORDER BY e.day DESC
LIMIT $3;
