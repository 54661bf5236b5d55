-- Jobs by kind: how many wait and run, how long the first has waited in seconds, and how many have ended since ever.
SELECT kind, coalesce(present.waiting, 0) AS waiting, coalesce(present.running, 0) AS running,
    coalesce(present.longest_wait, 0)::float8 AS longest_wait,
    coalesce(ended.finished, 0)::bigint AS finished, coalesce(ended.failed, 0)::bigint AS failed
FROM (
    SELECT kind, count(*) FILTER (WHERE state = 'queued' AND run_at <= now()) AS waiting,
        count(*) FILTER (WHERE state = 'running') AS running,
        extract(epoch FROM max(now() - run_at) FILTER (WHERE state = 'queued' AND run_at <= now())) AS longest_wait
    FROM jobs
    WHERE state IN ('queued', 'running')
    GROUP BY kind
) present
FULL JOIN (
    SELECT kind, sum(total) FILTER (WHERE outcome = 'finished') AS finished,
        sum(total) FILTER (WHERE outcome = 'failed') AS failed
    FROM job_totals
    GROUP BY kind
) ended USING (kind)
ORDER BY kind;
