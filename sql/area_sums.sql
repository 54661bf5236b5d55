-- The events of a dataset by area of a layer in a period, from whole months where there are any and from days at its
-- ends.
-- $1 id of the layer, $2 dataset, $3 first and $4 last day of whole months (the last before the first: none), $5 first
-- and $6 last day, $7 event types (empty: all), $8 types with a weight and $9 their weights
SELECT s.area, sum(s.count)::bigint AS events, sum(s.count * coalesce(w.weight, 1))::float8 AS weighted
FROM (
    SELECT u.area, m.kinds[u.kind] AS kind, u.count
    FROM area_months m CROSS JOIN LATERAL unnest(m.areas, m.kind_numbers, m.counts) AS u (area, kind, count)
    WHERE m.layer_id = $1 AND m.dataset = $2 AND m.month BETWEEN $3 AND $4
    UNION ALL
    SELECT u.area, d.kinds[u.kind], u.count
    FROM area_days d CROSS JOIN LATERAL unnest(d.areas, d.kind_numbers, d.counts) AS u (area, kind, count)
    WHERE d.layer_id = $1 AND d.dataset = $2
        AND (d.day BETWEEN $5 AND least($6, $3 - 1) OR d.day BETWEEN greatest($5, $4 + 1) AND $6)
) s
LEFT JOIN unnest($8::text[], $9::float8[]) AS w (kind, weight) ON w.kind = s.kind
WHERE cardinality($7::text[]) = 0 OR s.kind = ANY ($7)
GROUP BY s.area
ORDER BY s.area;
