-- The offsets of a time zone around some local days: the second (since 1970) from which each holds, and how many
-- seconds local time is ahead of UTC. The first row holds at the beginning of the frame.
-- $1 time zone, $2 first local day, $3 last local day
--
-- Local time is within 16 hours of UTC, and a zone that changed sides of the date line skipped a day, so the frame has
-- two days to spare. Offsets are compared every hour; where they differ, the second of the change is found by
-- bisection.
WITH RECURSIVE hours AS (
    SELECT s, extract(epoch FROM to_timestamp(s) AT TIME ZONE $1)::bigint - s AS ahead
    FROM generate_series(
        ($2::date - 2 - DATE '1970-01-01')::bigint * 86400, ($3::date + 3 - DATE '1970-01-01')::bigint * 86400, 3600
    ) AS s
), pairs AS (
    SELECT s AS low, ahead AS low_ahead, lead(s) OVER (ORDER BY s) AS high, lead(ahead) OVER (ORDER BY s) AS high_ahead
    FROM hours
), search AS (
    SELECT * FROM pairs WHERE low_ahead <> high_ahead
    UNION ALL
    SELECT
        CASE WHEN m.ahead = b.low_ahead THEN m.s ELSE b.low END, b.low_ahead,
        CASE WHEN m.ahead = b.low_ahead THEN b.high ELSE m.s END,
        CASE WHEN m.ahead = b.low_ahead THEN b.high_ahead ELSE m.ahead END
    FROM search b
    CROSS JOIN LATERAL (
        SELECT s, extract(epoch FROM to_timestamp(s) AT TIME ZONE $1)::bigint - s AS ahead
        FROM (SELECT (b.low + b.high) / 2 AS s) middle
    ) m
    WHERE b.high - b.low > 1
)
(SELECT s, ahead FROM hours ORDER BY s LIMIT 1)
UNION ALL
SELECT high, high_ahead FROM search WHERE high - low = 1
ORDER BY s;
