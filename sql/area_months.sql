-- Adds the days of a dataset in a layer up by month, for some months.
-- $1 id of the layer, $2 dataset, $3 first days of the months
WITH days AS (
    SELECT m.month, d.kinds, d.areas, d.kind_numbers, d.counts, d.outside
    FROM unnest($3::date[]) AS m (month)
    JOIN area_days d ON d.layer_id = $1 AND d.dataset = $2 AND d.day >= m.month
        AND d.day < (m.month + interval '1 month')::date
), entries AS (
    SELECT d.month, d.kinds[u.kind_number] AS kind, u.area, sum(u.count)::integer AS count
    FROM days d CROSS JOIN LATERAL unnest(d.areas, d.kind_numbers, d.counts) AS u (area, kind_number, count)
    GROUP BY 1, 2, 3
), numbered AS (
    SELECT month, kind, area, count, dense_rank() OVER (PARTITION BY month ORDER BY kind COLLATE "C")::integer AS number
    FROM entries
)
INSERT INTO area_months (layer_id, dataset, month, kinds, areas, kind_numbers, counts, outside)
SELECT
    $1, $2, o.month, coalesce(k.kinds, '{}'), coalesce(e.areas, '{}'), coalesce(e.numbers, '{}'),
    coalesce(e.counts, '{}'), o.outside
FROM (SELECT month, sum(outside)::integer AS outside FROM days GROUP BY month) o
LEFT JOIN (
    SELECT month, array_agg(kind ORDER BY number) AS kinds
    FROM (SELECT DISTINCT month, kind, number FROM numbered) names
    GROUP BY month
) k ON k.month = o.month
LEFT JOIN (
    SELECT
        month, array_agg(area ORDER BY area, number) AS areas, array_agg(number ORDER BY area, number) AS numbers,
        array_agg(count ORDER BY area, number) AS counts
    FROM numbered
    GROUP BY month
) e ON e.month = o.month;
