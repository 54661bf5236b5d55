-- The events of each cell in two periods, by cell; cells without any are left out.
-- $1 dataset, $2 resolution, $3 first day, $4 last day, $5 to $8 west, south, east, north (may be NULL), $9 limit,
-- $10 first and $11 last day of the other period, $12 the cell after which the page begins, or NULL
SELECT
    m.h3_index,
    coalesce(sum(m.event_count) FILTER (WHERE m.day BETWEEN $3 AND $4), 0)::bigint AS events,
    coalesce(sum(m.event_count) FILTER (WHERE m.day BETWEEN $10 AND $11), 0)::bigint AS events_before
FROM mv_daily_risk m
WHERE m.dataset = $1
    AND m.resolution = $2
    AND (m.day BETWEEN $3 AND $4 OR m.day BETWEEN $10 AND $11)
    AND ($5::float8 IS NULL OR m.h3_index IN (SELECT cells_in_box($2, $5, $6, $7, $8)))
    AND ($12::bigint IS NULL OR m.h3_index > $12)
GROUP BY m.h3_index
ORDER BY m.h3_index
LIMIT $9;
