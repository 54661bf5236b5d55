-- The places of a dataset's departments or vendors, by key.
-- $1 dataset, $2 'department' or 'vendor'
SELECT key, name, longitude, latitude
FROM expenditure_places
WHERE dataset = $1 AND kind = $2
ORDER BY key;
