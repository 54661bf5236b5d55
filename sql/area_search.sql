-- The numbers of the areas of a layer that meet all conditions. West is greater than east in a box across the
-- antimeridian.
-- $1 id of the layer, $2 pattern of the name or NULL, $3 id of the parent or NULL, $4 to $7 west, south, east and north
-- or NULL
SELECT number
FROM areas
WHERE layer_id = $1
    AND ($2::text IS NULL OR name ILIKE $2)
    AND ($3::text IS NULL OR parent = $3)
    AND ($4::float8 IS NULL
        OR ST_Intersects(geom, ST_MakeEnvelope($4, $5, CASE WHEN $4 <= $6 THEN $6 ELSE 180 END, $7, 4326))
        OR $4 > $6 AND ST_Intersects(geom, ST_MakeEnvelope(-180, $5, $6, $7, 4326)))
ORDER BY number;
