-- Local day, longitude and latitude of every event in the scope that sql/points_scope.sql set.
COPY (
    SELECT
        (event_timestamp AT TIME ZONE current_setting('hextant.time_zone'))::date - DATE '1970-01-01',
        ST_X(geom),
        ST_Y(geom)
    FROM events
    WHERE dataset = current_setting('hextant.dataset')
        AND event_timestamp >= current_setting('hextant.from')::timestamptz
        AND event_timestamp < current_setting('hextant.to')::timestamptz
) TO STDOUT (FORMAT binary)
