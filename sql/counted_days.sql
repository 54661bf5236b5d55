-- A page of the stored number of events by day and type. A day whose events are not counted by type has one row with
-- NULL as type and number.
-- $1 dataset, $2 first day, $3 last day, $4 event types (empty: all), $5 $6 cursor (day and type; $2 is not before its
-- day), $7 limit, $8 minimum_count where small counts are hidden, else NULL
SELECT e.day, k.kind, k.count
FROM event_days e
LEFT JOIN LATERAL unnest(
    CASE
        WHEN e.counted = e.version AND $8::integer IS NULL THEN e.kinds
        WHEN e.counted = e.version THEN disclosed_kinds(e.kinds, $8::integer)
    END) AS k (kind, count) ON true
WHERE e.dataset = $1 AND e.day BETWEEN $2 AND $3
    AND CASE WHEN e.counted = e.version
        THEN k.kind IS NOT NULL AND (cardinality($4::text[]) = 0 OR k.kind = ANY ($4))
            AND (e.day, k.kind COLLATE "C") > ($5::date, $6::text COLLATE "C")
        ELSE true END
ORDER BY e.day, k.kind COLLATE "C"
LIMIT $7;
