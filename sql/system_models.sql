-- The active models, and how far the data have moved since.
-- $1 how many at most
SELECT id, dataset, kind, library, trained_at, drift_at, drift_index
FROM models
WHERE state = 'active'
ORDER BY dataset, kind
LIMIT $1;
