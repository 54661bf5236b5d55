-- The events of one area in a period by event type, from months and days as in area_sums.sql.
-- $1 id of the layer, $2 dataset, $3 first and $4 last day of whole months, $5 first and $6 last day, $7 number of the
-- area, $8 event types (empty: all)
SELECT kind, sum(count)::bigint AS events
FROM (
    SELECT m.kinds[u.kind] AS kind, u.count
    FROM area_months m CROSS JOIN LATERAL unnest(m.areas, m.kind_numbers, m.counts) AS u (area, kind, count)
    WHERE m.layer_id = $1 AND m.dataset = $2 AND m.month BETWEEN $3 AND $4 AND u.area = $7
    UNION ALL
    SELECT d.kinds[u.kind], u.count
    FROM area_days d CROSS JOIN LATERAL unnest(d.areas, d.kind_numbers, d.counts) AS u (area, kind, count)
    WHERE d.layer_id = $1 AND d.dataset = $2 AND u.area = $7
        AND (d.day BETWEEN $5 AND least($6, $3 - 1) OR d.day BETWEEN greatest($5, $4 + 1) AND $6)
) s
WHERE cardinality($8::text[]) = 0 OR kind = ANY ($8)
GROUP BY kind
ORDER BY events DESC, kind COLLATE "C";
