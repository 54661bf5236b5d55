-- The events of all areas of a layer in the last 12 full months and in the 12 before, for those of some event types.
-- $1 id of the layer, $2 dataset, $3 first month of all, $4 first month of the last 12, $5 last month, $6 event types
-- (empty: all)
SELECT
    u.area, coalesce(sum(u.count) FILTER (WHERE m.month >= $4), 0)::bigint AS last,
    coalesce(sum(u.count) FILTER (WHERE m.month < $4), 0)::bigint AS before
FROM area_months m CROSS JOIN LATERAL unnest(m.areas, m.kind_numbers, m.counts) AS u (area, kind, count)
WHERE m.layer_id = $1 AND m.dataset = $2 AND m.month BETWEEN $3 AND $5
    AND (cardinality($6::text[]) = 0 OR m.kinds[u.kind] = ANY ($6))
GROUP BY u.area
ORDER BY u.area;
