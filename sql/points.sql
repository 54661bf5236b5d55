-- The COPY statement that sends local day, longitude and latitude of every event of some days, and of events close to
-- them that the reader leaves out. COPY takes no parameters, and times that stand in its text let the planner leave out
-- the chunks of other months.
-- $1 dataset, $2 time zone, $3 first local day, $4 last local day
--
-- A day may be skipped, begin without a midnight or have two of them, so the times are only a frame with a day to spare.
-- The reader sees the local day anyway; a filter here would find it a second time.
SELECT format(
    $copy$
    COPY (
        SELECT (event_timestamp AT TIME ZONE %2$L)::date - DATE '1970-01-01', ST_X(geom), ST_Y(geom)
        FROM events
        WHERE dataset = %1$L
            AND event_timestamp >= %3$L
            AND event_timestamp < %4$L
    ) TO STDOUT (FORMAT binary)
    $copy$,
    $1::text, $2::text, ($3::timestamp AT TIME ZONE $2) - INTERVAL '1 day',
    (($4 + 1)::timestamp AT TIME ZONE $2) + INTERVAL '1 day');
