-- How datasets were counted in a layer. The version is at least that of the layer.
-- $1 id of the layer, $2 dataset; NULL for all
SELECT dataset, version, first_day, last_day, events, outside, counted_at
FROM area_counts
WHERE layer_id = $1 AND ($2::text IS NULL OR dataset = $2)
ORDER BY dataset COLLATE "C";
