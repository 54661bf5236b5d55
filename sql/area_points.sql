-- The COPY statement that sends time, place and type of every event between two instants; see points.sql.
-- $1 dataset, $2 first instant, $3 end (exclusive)
SELECT format(
    $copy$
    COPY (
        SELECT event_timestamp, geom, event_type
        FROM events
        WHERE dataset = %1$L
            AND event_timestamp >= %2$L
            AND event_timestamp < %3$L
    ) TO STDOUT (FORMAT binary)
    $copy$,
    $1::text, $2::timestamptz, $3::timestamptz);
