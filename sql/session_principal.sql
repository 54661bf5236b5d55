-- The user of a session with their current rights.
-- $1 session
SELECT u.username, u.role::text, string_agg(g.dataset, ',') AS grants
FROM sessions s
JOIN users u ON u.id = s.user_id
LEFT JOIN dataset_grants g ON g.user_id = u.id
WHERE s.id = $1 AND s.revoked_at IS NULL AND s.expires_at > now() AND u.disabled_at IS NULL
GROUP BY u.id;
