-- Finds for the areas of a layer, and for those of layers whose parent it is, the areas that they are parts of: by
-- their points inside.
-- $1 id of the layer
UPDATE areas a SET parent = (
    SELECT p.id FROM areas p
    WHERE p.layer_id = f.parent_id AND ST_Intersects(p.geom, a.label) ORDER BY p.number LIMIT 1)
FROM (
    SELECT c.id AS child_id, p.id AS parent_id
    FROM area_layers c
    JOIN area_layers p ON p.slug = c.parent
    WHERE c.id = $1 OR p.id = $1
) f
WHERE a.layer_id = f.child_id;
