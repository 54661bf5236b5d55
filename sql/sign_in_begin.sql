-- Counts an attempt to sign in as failed for each of its subjects, if none of them has to wait.
-- $1 subjects, $2 failures without a wait, $3 longest wait in seconds
-- If another attempt counts the same row, this one waits for it, so that each of many simultaneous attempts is counted.
-- Rows are locked in one order, so that two attempts never wait for each other.
WITH asked AS (
    SELECT * FROM unnest($1::bytea[], $2::bigint[], $3::float8[]) AS asked (subject, free, longest) ORDER BY subject
), counted AS (
    INSERT INTO login_attempts AS l (subject, failures, blocked_until, updated_at)
    SELECT subject, 1, '-infinity', clock_timestamp() FROM asked
    ON CONFLICT (subject) DO UPDATE SET
        failures = CASE WHEN l.updated_at < clock_timestamp() - interval '15 minutes' THEN 1 ELSE l.failures + 1 END,
        blocked_until = CASE
            WHEN l.updated_at < clock_timestamp() - interval '15 minutes' THEN '-infinity'
            ELSE (
                SELECT CASE
                    WHEN l.failures + 1 < a.free THEN '-infinity'::timestamptz
                    ELSE clock_timestamp()
                        + make_interval(secs => least(a.longest, power(2, least(l.failures + 1 - a.free, 30))))
                END
                FROM asked a WHERE a.subject = excluded.subject)
        END,
        updated_at = clock_timestamp()
    WHERE l.blocked_until <= clock_timestamp()
    RETURNING subject
)
SELECT
    (SELECT count(*) FROM counted) = cardinality($1) AS is_counted,
    (
        SELECT coalesce(max(extract(epoch FROM l.blocked_until - clock_timestamp())), 1)::float8
        FROM login_attempts l
        WHERE l.subject = ANY ($1) AND l.blocked_until > clock_timestamp()) AS wait;
