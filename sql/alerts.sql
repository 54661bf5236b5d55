-- A page of alerts, the newest first.
-- $1 all, open (of public datasets) or none, $2 slugs of others, $3 dataset, $4 rule and $5 state or NULL, $6 only ids
-- below this, $7 limit
SELECT
    a.id, a.dataset, a.rule, a.condition, a.resolution, a.as_of, a.message, a.total, a.cells::text AS cells,
    a.created_at, a.state, a.attempts, a.sent_at, a.error
FROM alerts a
JOIN datasets d ON d.slug = a.dataset
WHERE ($1::text = 'all' OR ($1::text = 'open' AND d.visibility = 'public') OR a.dataset = ANY ($2::text[]))
    AND ($3::text IS NULL OR a.dataset = $3)
    AND ($4::text IS NULL OR a.rule = $4)
    AND ($5::text IS NULL OR a.state = $5)
    AND a.id < $6::bigint
ORDER BY a.id DESC
LIMIT $7;
