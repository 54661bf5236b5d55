-- The number of the first area of a layer that each point is in, borders included; points outside all have no row.
-- $1 id of the layer, $2 longitudes, $3 latitudes
SELECT p.place::integer, a.number
FROM unnest($2::double precision[], $3::double precision[]) WITH ORDINALITY AS p (longitude, latitude, place)
CROSS JOIN LATERAL (
    SELECT number
    FROM areas
    WHERE layer_id = $1
        AND ST_Intersects(geom, ST_SetSRID(ST_MakePoint(p.longitude, p.latitude), 4326))
    ORDER BY number
    LIMIT 1
) AS a;
