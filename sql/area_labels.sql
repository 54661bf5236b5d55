-- The areas of a layer and their label points, at which events are placed that a file gives by area. Without a layer
-- no row; a layer without areas is a row of NULLs.
-- $1 slug of the layer, $2 limit
SELECT a.id, a.name, ST_X(a.label) AS longitude, ST_Y(a.label) AS latitude
FROM area_layers l
LEFT JOIN areas a ON a.layer_id = l.id
WHERE l.slug = $1
ORDER BY a.number
LIMIT $2
