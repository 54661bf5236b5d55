-- The newest payments of a dataset by day, the oldest of them first: what a model learns from.
-- $1 dataset, $2 only days after this or NULL, $3 limit
SELECT
    (p.amount * 100)::bigint AS amount, p.entered, p.fiscal_year, p.vendor, p.department,
    coalesce(p.account_description, p.account) AS account
FROM (
    SELECT e.amount, e.entered, e.fiscal_year, e.vendor, e.department, e.account, e.account_description, e.source_id
    FROM expenditures e
    WHERE e.dataset = $1 AND e.entered IS NOT NULL AND ($2::date IS NULL OR e.entered > $2)
    ORDER BY e.entered DESC, e.source_id COLLATE "C" DESC
    LIMIT $3
) p
ORDER BY p.entered, p.source_id COLLATE "C"
