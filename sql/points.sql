-- The COPY statement that sends time and place of every event between two instants. COPY has no parameters, and with
-- the times in its text the planner leaves out the partitions of other months.
-- $1 dataset, $2 first instant, $3 end (exclusive), $4 types of events or NULL for all
--
-- The reader computes the local day from the offsets of the zone (local_offsets.sql): AT TIME ZONE looks the zone up
-- for every row, and together with ST_X and ST_Y a row took twice the time.
SELECT format(
    $copy$
    COPY (
        SELECT event_timestamp, geom
        FROM events
        WHERE dataset = %1$L
            AND event_timestamp >= %2$L
            AND event_timestamp < %3$L%4$s
    ) TO STDOUT (FORMAT binary)
    $copy$,
    $1::text, $2::timestamptz, $3::timestamptz,
    CASE WHEN $4::text[] IS NULL THEN '' ELSE format(' AND event_type = ANY (%L::text[])', $4::text[]) END);
