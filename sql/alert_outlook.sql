-- The cells that rules about the outlook look at: those with a class in the newest outlook, and those whose events were
-- more than the upper end of the 90 % interval of the newest forecast whose days have all passed.
-- $1 dataset, $2 resolution
WITH newest AS (
    SELECT o.as_of, o.cells, o.classes
    FROM outlooks o
    WHERE o.dataset = $1 AND o.resolution = $2 AND o.kind = 'all'
    ORDER BY o.as_of DESC
    LIMIT 1
), passed AS (
    SELECT o.as_of, o.horizon, o.cells, o.lower_90s, o.upper_90s
    FROM outlooks o
    WHERE o.dataset = $1 AND o.resolution = $2 AND o.kind = 'all'
        AND o.as_of + o.horizon <= (
            SELECT max(c.day) FROM daily_counts c WHERE c.dataset = $1 AND c.resolution = $2)
    ORDER BY o.as_of DESC
    LIMIT 1
), classed AS (
    SELECT n.as_of, u.h3_index, u.class
    FROM newest n
    CROSS JOIN LATERAL unnest(n.cells, n.classes) AS u (h3_index, class)
    WHERE u.class > 0
), counted AS (
    SELECT u.h3_index, sum(u.events)::bigint AS events
    FROM passed p
    JOIN daily_counts c
        ON c.dataset = $1 AND c.resolution = $2 AND c.day BETWEEN p.as_of + 1 AND p.as_of + p.horizon
    CROSS JOIN LATERAL unnest(c.cells, c.counts) AS u (h3_index, events)
    GROUP BY u.h3_index
), exceeded AS (
    SELECT p.as_of + p.horizon AS as_of, u.h3_index, k.events, u.lower_90, u.upper_90
    FROM passed p
    CROSS JOIN LATERAL unnest(p.cells, p.lower_90s, p.upper_90s) AS u (h3_index, lower_90, upper_90)
    JOIN counted k USING (h3_index)
    WHERE k.events > u.upper_90
)
SELECT
    h3_index, n.as_of AS class_day,
    (ARRAY[
        'new_hot', 'consecutive_hot', 'intensifying_hot', 'persistent_hot', 'diminishing_hot', 'sporadic_hot',
        'oscillating_hot', 'historical_hot', 'new_cold', 'consecutive_cold', 'intensifying_cold', 'persistent_cold',
        'diminishing_cold', 'sporadic_cold', 'oscillating_cold', 'historical_cold'])[n.class] AS class,
    e.as_of AS forecast_day, e.events, e.lower_90, e.upper_90
FROM classed n
FULL JOIN exceeded e USING (h3_index)
ORDER BY h3_index;
