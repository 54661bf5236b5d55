-- The stored counts of one cell by day; days without events are left out.
-- $1 dataset, $2 resolution, $3 cell, $4 first day, $5 last day
SELECT d.day, d.counts[array_position(d.cells, $3)] AS count
FROM daily_counts d
WHERE d.dataset = $1 AND d.resolution = $2 AND d.day BETWEEN $4 AND $5 AND d.cells @> ARRAY[$3]
ORDER BY d.day;
