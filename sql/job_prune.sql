-- Deletes some of the jobs that ended long ago, and their runs. Runs that scored stay, because they explain scores; of
-- each feed its newest run and its newest success stay, and runs whose events are not scored.
-- $1 seconds
WITH old AS (
    SELECT id FROM jobs
    WHERE finished_at < now() - make_interval(secs => $1)
    ORDER BY finished_at
    LIMIT 1000
    FOR UPDATE SKIP LOCKED
), old_feed_runs AS (
    SELECT r.id
    FROM feed_runs r
    WHERE r.finished_at < now() - make_interval(secs => $1) AND (r.score_run IS NOT NULL OR r.accepted + r.removed = 0)
        AND EXISTS (
            SELECT FROM feed_runs newer
            WHERE newer.feed = r.feed AND newer.id > r.id
                AND (r.state <> 'finished' OR r.failures <> '[]' OR newer.state = 'finished' AND newer.failures = '[]'))
    ORDER BY r.finished_at
    LIMIT 1000
    FOR UPDATE OF r SKIP LOCKED
), feed_runs_gone AS (
    DELETE FROM feed_runs WHERE id IN (SELECT id FROM old_feed_runs)
), runs AS (
    DELETE FROM analytics_runs WHERE kind <> 'score' AND job IN (SELECT id FROM old)
)
DELETE FROM jobs WHERE id IN (SELECT id FROM old);
