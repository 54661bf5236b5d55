-- The indexes of attributes: those that datasets name, with the statements that build them, and those that there are.
-- An index is of one dataset alone, so no ingest into another one is slowed. What is equal comes in the order of lists.
WITH wanted AS (
    SELECT
        queryable_index(d.slug, q.key, q.value) AS name,
        format(
            'CREATE INDEX %I ON events ((%s), event_timestamp, sequence) WITH (timescaledb.transaction_per_chunk) '
                'WHERE dataset = %L',
            queryable_index(d.slug, q.key, q.value),
            CASE q.value
                WHEN 'number' THEN format('attribute_number(attributes_json, %L)', q.key)
                WHEN 'boolean' THEN format('attribute_truth(attributes_json, %L)', q.key)
                ELSE format('attribute_text(attributes_json, %L) COLLATE "C"', q.key)
            END,
            d.slug) AS statement
    FROM datasets d
    CROSS JOIN LATERAL jsonb_each_text(d.queryables) AS q
    WHERE d.queryables <> '{}'
), present AS (
    SELECT c.relname::text AS name, i.indisvalid AS is_whole
    FROM pg_index i
    JOIN pg_class c ON c.oid = i.indexrelid
    WHERE i.indrelid = 'events'::regclass AND starts_with(c.relname::text, 'idx_queryable_')
)
SELECT name, statement, is_whole
FROM wanted
FULL JOIN present USING (name)
ORDER BY name;
