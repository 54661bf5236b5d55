-- The areas of a layer without their geometries, by number. No row at all means that the layer is gone.
-- $1 id of the layer
SELECT
    number, id, name, population, parent, km2,
    ST_X(centroid) AS centroid_longitude, ST_Y(centroid) AS centroid_latitude,
    ST_X(label) AS label_longitude, ST_Y(label) AS label_latitude,
    ST_XMin(geom) AS west, ST_YMin(geom) AS south, ST_XMax(geom) AS east, ST_YMax(geom) AS north
FROM areas
WHERE layer_id = $1
ORDER BY number;
