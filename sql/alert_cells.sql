-- The last day that is served of a dataset at a resolution, and what it has: the number of cells with events, and the
-- unusual ones of them.
-- $1 dataset, $2 resolution
WITH last AS (
    SELECT s.last_day AS day FROM served_datasets s WHERE s.dataset = $1 AND s.resolution = $2
)
SELECT
    l.day, count(m.h3_index) AS cells,
    coalesce(string_agg(m.h3_index || ':' || m.event_count, ',' ORDER BY m.event_count DESC, m.h3_index)
        FILTER (WHERE m.unusual), '') AS unusual
FROM last l
LEFT JOIN mv_daily_risk m ON m.dataset = $1 AND m.resolution = $2 AND m.day = l.day
GROUP BY l.day;
