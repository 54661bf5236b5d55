-- The version of a dataset's expenditures and of their places. A dataset that takes the slug of a deleted one has
-- another id. No row: there is none, or it holds no expenditures.
-- $1 dataset
SELECT id, expenditures_version AS version
FROM datasets
WHERE slug = $1 AND holds = 'expenditures';
