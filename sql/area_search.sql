-- The numbers of the areas of a layer that meet all conditions. West is greater than east in a box across the
-- antimeridian. Names are compared without capitals and accents: those of letters with a sign come apart by NFKD, and
-- U+0300 to U+036F are the signs. Most names are ASCII and stay as they are.
-- $1 id of the layer, $2 pattern of the name or NULL, $3 id of the parent or NULL, $4 to $7 west, south, east and north
-- or NULL
SELECT number
FROM areas
WHERE layer_id = $1
    AND ($2::text IS NULL
        OR CASE
            WHEN octet_length(name) = char_length(name) THEN name
            ELSE regexp_replace(normalize(name, NFKD), '[\u0300-\u036F]', '', 'g')
        END ILIKE (SELECT regexp_replace(normalize($2, NFKD), '[\u0300-\u036F]', '', 'g')))
    AND ($3::text IS NULL OR parent = $3)
    AND ($4::float8 IS NULL
        OR ST_Intersects(geom, ST_MakeEnvelope($4, $5, CASE WHEN $4 <= $6 THEN $6 ELSE 180 END, $7, 4326))
        OR $4 > $6 AND ST_Intersects(geom, ST_MakeEnvelope(-180, $5, $6, $7, 4326)))
ORDER BY number;
