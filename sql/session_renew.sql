-- Uses a refresh token and stores the next one in its place.
-- $1 hash of the token, $2 hash of the next
WITH used AS (
    UPDATE refresh_tokens t SET used_at = now()
    FROM sessions s
    JOIN users u ON u.id = s.user_id
    WHERE t.hash = $1 AND t.used_at IS NULL AND s.id = t.session AND s.revoked_at IS NULL AND s.expires_at > now()
        AND u.disabled_at IS NULL
    RETURNING t.session, u.username
), next AS (
    INSERT INTO refresh_tokens (hash, session) SELECT $2, session FROM used
)
SELECT session, username FROM used;
