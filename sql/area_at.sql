-- The number of the first area of a layer that a point is in, its border included.
-- $1 id of the layer, $2 longitude, $3 latitude
SELECT number
FROM areas
WHERE layer_id = $1 AND ST_Intersects(geom, ST_SetSRID(ST_MakePoint($2, $3), 4326))
ORDER BY number
LIMIT 1;
