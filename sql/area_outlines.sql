-- The boundaries of some areas in well-known binary, outer rings counter-clockwise.
-- $1 id of the layer, $2 numbers, $3 whether they are simplified
SELECT number, ST_AsBinary(ST_ForcePolygonCCW(geom)) AS geom
FROM (
    SELECT a.number, CASE WHEN $3 THEN coalesce(ST_Transform(s.geom_3857, 4326), a.geom) ELSE a.geom END AS geom
    FROM areas a
    LEFT JOIN area_shapes s ON $3 AND (s.layer_id, s.band, s.number) = (a.layer_id, 4, a.number)
    WHERE a.layer_id = $1 AND a.number = ANY ($2)
) found
ORDER BY number;
