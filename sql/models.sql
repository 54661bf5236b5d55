-- A page of models, the newest first, without their files, and without the members of clusters unless one model is
-- asked for.
-- $1 all, open (of public datasets) or none, $2 slugs of others, $3 dataset, $4 kind, $5 state and $6 id or NULL,
-- $7 only ids below this, $8 limit
SELECT
    m.id, m.dataset, m.kind, m.state, m.trained_at, m.activated_at, m.from_day, m.to_day, m.test_from_day,
    m.test_to_day, m.payments, array_to_string(m.features, ',') AS features, m.parameters::text AS parameters,
    (CASE WHEN $6::bigint IS NULL THEN m.metrics - 'members' ELSE m.metrics END)::text AS metrics,
    encode(m.sha256, 'hex') AS digest, length(m.file) AS bytes, m.library, m.drift_at,
    m.drift_rows, m.drift_index, m.drift_indexes::text AS drift_indexes
FROM models m
JOIN datasets d ON d.slug = m.dataset
WHERE ($1::text = 'all' OR ($1::text = 'open' AND d.visibility = 'public') OR m.dataset = ANY ($2::text[]))
    AND ($3::text IS NULL OR m.dataset = $3)
    AND ($4::text IS NULL OR m.kind = $4)
    AND ($5::text IS NULL OR m.state = $5)
    AND ($6::bigint IS NULL OR m.id = $6)
    AND m.id < $7::bigint
ORDER BY m.id DESC
LIMIT $8;
