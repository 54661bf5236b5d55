-- Entries of the audit log, the newest first.
-- $1 actor or NULL, $2 beginning of the action or NULL, $3 target or NULL, $4 outcome or NULL, $5 earliest time or
-- NULL, $6 limit
SELECT id, at, actor, host(address) AS address, action, target, outcome::text AS outcome, status, detail
FROM audit_log
WHERE ($1::text IS NULL OR actor = $1)
    AND ($2::text IS NULL OR starts_with(action, $2))
    AND ($3::text IS NULL OR target = $3)
    AND ($4::text IS NULL OR outcome::text = $4)
    AND ($5::timestamptz IS NULL OR at >= $5)
ORDER BY id DESC
LIMIT $6;
