-- Local day, longitude and latitude of every event in the scope that sql/points_scope.sql set.
COPY (
    SELECT local.day - DATE '1970-01-01', ST_X(e.geom), ST_Y(e.geom)
    FROM events e
    CROSS JOIN LATERAL (
        SELECT (e.event_timestamp AT TIME ZONE current_setting('hextant.time_zone'))::date AS day
    ) AS local
    WHERE e.dataset = current_setting('hextant.dataset')
        AND e.event_timestamp >= current_setting('hextant.from')::timestamptz
        AND e.event_timestamp < current_setting('hextant.to')::timestamptz
        AND local.day BETWEEN current_setting('hextant.first_day')::date AND current_setting('hextant.last_day')::date
) TO STDOUT (FORMAT binary)
