-- First and last local day with events; NULL if there are none.
-- $1 dataset, $2 time zone
SELECT
    (min(event_timestamp) AT TIME ZONE $2)::date AS first_day,
    (max(event_timestamp) AT TIME ZONE $2)::date AS last_day
FROM events
WHERE dataset = $1;
