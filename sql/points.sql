-- The COPY statement that sends time and place of every event of an interval. COPY takes no parameters, and times that
-- stand in its text let the planner leave out the chunks of other months.
-- $1 dataset, $2 first moment, $3 moment after the last
--
-- The local day is the reader's to find, from the offsets of the zone (local_offsets.sql): AT TIME ZONE looks the zone
-- up for every row, and with ST_X and ST_Y beside it a row took twice the time.
SELECT format(
    $copy$
    COPY (
        SELECT event_timestamp, geom
        FROM events
        WHERE dataset = %1$L
            AND event_timestamp >= %2$L
            AND event_timestamp < %3$L
    ) TO STDOUT (FORMAT binary)
    $copy$,
    $1::text, $2::timestamptz, $3::timestamptz);
