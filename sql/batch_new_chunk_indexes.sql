-- Names and definitions of the indexes on those partitions of events that contain the given times and were created by
-- this transaction.
-- $1 timestamps
SELECT i.indexrelid::regclass::text AS name, pg_get_indexdef(i.indexrelid) AS definition
FROM timescaledb_information.chunks k
JOIN pg_class c ON c.oid = format('%I.%I', k.chunk_schema, k.chunk_name)::regclass
JOIN pg_index i ON i.indrelid = c.oid
WHERE k.hypertable_name = 'events' AND c.xmin = pg_current_xact_id()::xid
    AND EXISTS (SELECT FROM unnest($1::timestamptz[]) AS t (at) WHERE t.at >= k.range_start AND t.at < k.range_end);
