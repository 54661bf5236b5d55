-- The days of the first and of the last event in some time; NULL if there are none.
-- $1 dataset, $2 time zone, $3 $4 the time to look for the first in (end exclusive), $5 $6 that for the last
SELECT
    (
        SELECT (min(event_timestamp) AT TIME ZONE $2)::date FROM events
        WHERE dataset = $1 AND event_timestamp >= $3 AND event_timestamp < $4
    ) AS first_day,
    (
        SELECT (max(event_timestamp) AT TIME ZONE $2)::date FROM events
        WHERE dataset = $1 AND event_timestamp >= $5 AND event_timestamp < $6
    ) AS last_day;
