-- Opens a session for a user who gave the right password, and takes back the counted attempt: for the name all
-- attempts, for the client address only this one, so that the owner of one account cannot try others without end. The
-- account is locked: if it is disabled or gets another password before, no session is opened; if after, the session
-- ends.
-- $1 user, $2 epoch of the account when its password was read, $3 hash of the refresh token, $4 lifetime in seconds,
-- $5 subjects: the name first, then the client address
WITH account AS (
    SELECT id FROM users WHERE username = $1 AND epoch = $2 AND disabled_at IS NULL FOR SHARE
), opened AS (
    INSERT INTO sessions (user_id, expires_at)
    SELECT id, now() + make_interval(secs => $4::float8) FROM account
    RETURNING id
), named AS (
    DELETE FROM login_attempts WHERE subject = ($5::bytea[])[1] AND EXISTS (SELECT FROM opened)
), placed AS (
    UPDATE login_attempts SET failures = greatest(0, failures - 1), blocked_until = '-infinity'
    WHERE subject = ANY (($5::bytea[])[2:]) AND EXISTS (SELECT FROM opened)
)
INSERT INTO refresh_tokens (hash, session) SELECT $3, id FROM opened
RETURNING session;
