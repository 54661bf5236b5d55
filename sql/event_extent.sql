-- The first and the last day that may have events: those with a count, or not counted. NULL if there are none.
-- $1 dataset, $2 a day before the first, $3 a day after the last
SELECT
    (
        SELECT e.day FROM event_days e
        WHERE e.dataset = $1 AND e.day > $2 AND (e.counted IS DISTINCT FROM e.version OR cardinality(e.kinds) > 0)
        ORDER BY e.day
        LIMIT 1
    ) AS first_day,
    (
        SELECT e.day FROM event_days e
        WHERE e.dataset = $1 AND e.day < $3 AND (e.counted IS DISTINCT FROM e.version OR cardinality(e.kinds) > 0)
        ORDER BY e.day DESC
        LIMIT 1
    ) AS last_day;
