-- The run with a key, and whether it is the one requested now.
-- $1 key, $2 kind, $3 dataset or NULL, $4 parameters
SELECT r.id, j.kind = $2 AND j.dataset IS NOT DISTINCT FROM $3::text AND j.parameters = $4::jsonb AS is_same
FROM jobs j
JOIN analytics_runs r ON r.job = j.id
WHERE j.key = $1;
