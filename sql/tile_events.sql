-- The layer `events` of a vector tile: the stored events of the days as points with only their type and time, the
-- version under which the tile is cached, and whether there are more events.
-- $1 dataset, $2 first day, $3 last day, $4 zoom, $5 column, $6 row, $7 most events
--
-- If there are more than $7 events, the tile contains the newest, and a layer `events_meta` says so: a second `meta`
-- next to that of the cells would violate the format. Days are those of the dataset's time zone. They begin and end
-- within 16 hours of the days in UTC: from these bounds the planner knows which partitions to leave out.
WITH frame AS MATERIALIZED (
    SELECT
        ($2::timestamp AT TIME ZONE d.time_zone) AS since,
        (($3 + 1)::timestamp AT TIME ZONE d.time_zone) AS until,
        ST_Transform(ST_TileEnvelope($4, $5, $6, margin => 64.0 / 4096), 4326) AS drawn
    FROM datasets d
    WHERE d.slug = $1
), found AS MATERIALIZED (
    SELECT e.event_type, e.event_timestamp, e.geom, count(*) OVER () AS total
    FROM events e
    WHERE e.dataset = $1
        AND e.event_timestamp >= ($2::date::timestamp - interval '16 hours') AT TIME ZONE 'UTC'
        AND e.event_timestamp < ($3::date::timestamp + interval '40 hours') AT TIME ZONE 'UTC'
        AND e.event_timestamp >= (SELECT since FROM frame)
        AND e.event_timestamp < (SELECT until FROM frame)
        AND e.geom && (SELECT drawn FROM frame)
    ORDER BY e.event_timestamp DESC, e.sequence
    LIMIT $7
), points AS (
    SELECT
        ST_AsMVTGeom(ST_Transform(geom, 3857), (SELECT ST_TileEnvelope($4, $5, $6)), 4096, 64, true) AS geom,
        event_type,
        to_char(event_timestamp AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS event_timestamp
    FROM found
), meta AS (
    SELECT ST_MakePoint(2048, 2048) AS geom, max(total) AS total, count(*) AS shown, 'too many events' AS reason
    FROM found
    HAVING max(total) > count(*)
)
SELECT
    (
        SELECT
            -- Nothing is looked for where nothing has changed since the last refresh of everything.
            CASE WHEN v.generation = v.whole_generation THEN v.generation ELSE greatest(v.whole_generation, (
                SELECT max(c.generation) FROM served_changes c
                WHERE c.dataset = $1 AND (c.day IS NULL OR c.day BETWEEN $2 AND $3))) END
        FROM served_view v) AS generation,
    coalesce((SELECT ST_AsMVT(points, 'events', 4096, 'geom') FROM points), '')
        || coalesce((SELECT ST_AsMVT(meta, 'events_meta', 4096, 'geom') FROM meta), '') AS layer,
    EXISTS (SELECT FROM meta) AS is_cut;
