-- The events of one area by month.
-- $1 id of the layer, $2 dataset, $3 first and $4 last month, $5 number of the area, $6 event types (empty: all)
SELECT m.month, sum(u.count)::bigint AS events
FROM area_months m CROSS JOIN LATERAL unnest(m.areas, m.kind_numbers, m.counts) AS u (area, kind, count)
WHERE m.layer_id = $1 AND m.dataset = $2 AND m.month BETWEEN $3 AND $4 AND u.area = $5
    AND (cardinality($6::text[]) = 0 OR m.kinds[u.kind] = ANY ($6))
GROUP BY m.month
ORDER BY m.month;
