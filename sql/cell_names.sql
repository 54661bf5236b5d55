-- The names of the areas that cells lie in, by the layer that their dataset names.
-- $1 dataset, $2 cells
SELECT k.h3_index, k.label
FROM datasets d
JOIN area_layers l ON l.slug = d.areas
JOIN cell_areas k ON k.layer_id = l.id
WHERE d.slug = $1 AND k.h3_index = ANY ($2::bigint[]) AND k.label IS NOT NULL
