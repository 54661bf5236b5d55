-- The datasets that hold expenditures, by slug.
-- $1 how many at most
SELECT slug
FROM datasets
WHERE holds = 'expenditures'
ORDER BY slug
LIMIT $1;
