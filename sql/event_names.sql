-- The places of events and the name that an attribute gives each, with the number of events, for a cursor.
-- $1 dataset, $2 attribute
SELECT ST_X(geom) AS longitude, ST_Y(geom) AS latitude, attributes_json ->> $2 AS name, count(*) AS events
FROM events
WHERE dataset = $1 AND btrim(attributes_json ->> $2) <> ''
GROUP BY 1, 2, 3
