-- Ends a session and returns its user.
-- $1 session or NULL, $2 hash of one of its refresh tokens or NULL, $3 whether only a token that was used before counts
UPDATE sessions s SET revoked_at = now()
FROM users u
WHERE u.id = s.user_id AND s.revoked_at IS NULL
    AND s.id = coalesce($1, (SELECT session FROM refresh_tokens WHERE hash = $2 AND (NOT $3 OR used_at IS NOT NULL)))
RETURNING u.username;
