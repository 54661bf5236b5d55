-- A tile of points with what was spent there, in the layer "spending".
-- $1 zoom, $2 column, $3 row, $4 keys, $5 names, $6 longitudes, $7 latitudes, $8 totals, $9 counts
SELECT ST_AsMVT(t.*, 'spending', 4096, 'geom') AS tile
FROM (
    SELECT
        ST_AsMVTGeom(
            ST_Transform(ST_SetSRID(ST_MakePoint(p.longitude, p.latitude), 4326), 3857),
            ST_TileEnvelope($1::integer, $2::integer, $3::integer), 4096, 64, true) AS geom,
        p.key, p.name, p.total, p.count
    FROM unnest(
        $4::text[], $5::text[], $6::double precision[], $7::double precision[], $8::double precision[], $9::bigint[])
        AS p (key, name, longitude, latitude, total, count)
) AS t
WHERE t.geom IS NOT NULL;
