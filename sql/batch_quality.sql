-- Records the quality of a batch: of all its records when it ends, and then of dead letters that are read again.
-- $1 batch, $2 whether it ends, $3 fields, $4 blank fields, $5 blanks by column, $6 newest event, $7 events still to
-- come, $8 days expected, $9 remedies by name, $10 findings or NULL, $11 job or NULL
UPDATE ingest_batches
SET
    -- A batch from before has no figures, and a part of them would say nothing.
    fields = CASE WHEN $2 THEN $3::bigint ELSE fields + $3 END,
    blank_fields = CASE WHEN $2 THEN $4::bigint ELSE blank_fields + $4 END,
    blanks = (
        SELECT coalesce(jsonb_object_agg(key, n), '{}')
        FROM (
            SELECT key, sum(value::bigint)::bigint AS n
            FROM (
                SELECT * FROM jsonb_each_text(blanks) UNION ALL SELECT * FROM jsonb_each_text($5::jsonb)
            ) AS both_sides
            GROUP BY key
        ) AS summed),
    newest_event = greatest(newest_event, $6::timestamptz),
    future_events = future_events + $7::bigint,
    fresh_days = coalesce($8::integer, fresh_days),
    remedies = (
        SELECT coalesce(jsonb_object_agg(key, n), '{}')
        FROM (
            SELECT key, sum(value::bigint)::bigint AS n
            FROM (
                SELECT * FROM jsonb_each_text(remedies) UNION ALL SELECT * FROM jsonb_each_text($9::jsonb)
            ) AS both_sides
            GROUP BY key
        ) AS summed),
    findings = coalesce($10::jsonb, findings),
    run = coalesce((SELECT r.id FROM analytics_runs r WHERE r.job = $11::bigint), run)
WHERE id = $1;
