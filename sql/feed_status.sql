-- What is known of feeds: their newest run and newest success, and what is held of them.
-- $1 feeds, $2 their datasets in the same order
SELECT f.feed, f.dataset, EXISTS (SELECT FROM datasets d WHERE d.slug = f.dataset) AS has_dataset,
    held.parts, held.last_read, held.newest_event,
    totals.accepted, totals.rejected,
    success.finished_at AS last_success, r.id, r.run, r.trigger, r.state::text, r.error, r.offered, r.read, r.requests,
    r.batches, r.accepted AS run_accepted, r.duplicate, r.rejected AS run_rejected, r.removed,
    array_to_json(r.findings)::text AS findings, r.failures::text AS failures, r.started_at, r.finished_at, r.score_run
FROM unnest($1::text[], $2::text[]) AS f (feed, dataset)
CROSS JOIN LATERAL (
    SELECT count(*) AS parts, max(read_at) AS last_read, max(last_event) AS newest_event
    FROM feed_checkpoints c
    WHERE c.dataset = f.dataset AND c.feed = f.feed
) held
CROSS JOIN LATERAL (
    SELECT
        coalesce(sum(total) FILTER (WHERE outcome = 'accepted'), 0)::bigint AS accepted,
        coalesce(sum(total) FILTER (WHERE outcome = 'rejected'), 0)::bigint AS rejected
    FROM feed_totals t
    WHERE t.dataset = f.dataset AND t.feed = f.feed
) totals
LEFT JOIN LATERAL (
    SELECT finished_at
    FROM feed_runs s
    WHERE s.feed = f.feed AND s.dataset = f.dataset AND s.state = 'finished' AND s.failures = '[]'
    ORDER BY s.id DESC
    LIMIT 1
) success ON true
LEFT JOIN LATERAL (
    SELECT * FROM feed_runs n WHERE n.feed = f.feed AND n.dataset = f.dataset ORDER BY n.id DESC LIMIT 1
) r ON true
ORDER BY f.feed;
