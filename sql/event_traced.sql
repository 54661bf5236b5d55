-- An event with the batch that stored it.
-- $1 dataset, $2 time, $3 sequence
SELECT
    e.event_timestamp, e.sequence, e.event_id, e.event_type, ST_X(e.geom) AS longitude, ST_Y(e.geom) AS latitude,
    e.attributes_json::text AS attributes, e.row_number,
    b.id AS batch, b.source, encode(b.sha256, 'hex') AS sha256, b.mapping, b.finished_at, b.run, b.feed, b.feed_part,
    b.source_address, b.retrieved_at
FROM events e
LEFT JOIN ingest_batches b ON b.id = e.batch
WHERE e.dataset = $1 AND e.event_timestamp = $2 AND e.sequence = $3;
