-- Opens a session for a user who gave the right password, and takes the counted attempt back: for the name altogether,
-- for the address only this one, so that whoever has one account cannot try others without end.
-- $1 user, $2 hash of the refresh token, $3 lifetime in seconds, $4 subjects: the name first, then the address
WITH opened AS (
    INSERT INTO sessions (user_id, expires_at)
    SELECT id, now() + make_interval(secs => $3::float8) FROM users WHERE username = $1 AND disabled_at IS NULL
    RETURNING id
), named AS (
    DELETE FROM login_attempts WHERE subject = ($4::bytea[])[1]
), placed AS (
    UPDATE login_attempts SET failures = greatest(0, failures - 1), blocked_until = '-infinity'
    WHERE subject = ANY (($4::bytea[])[2:])
)
INSERT INTO refresh_tokens (hash, session) SELECT $2, id FROM opened
RETURNING session;
