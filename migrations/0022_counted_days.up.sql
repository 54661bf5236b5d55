-- The number of events of each type, kept with every local day, so that counts by day do not read events.
CREATE TYPE kind_count AS (kind text, count bigint);

-- `kinds` counts the events of the day as of version `counted`, by type in the order of UTF-8 bytes. It holds as long as
-- that is the version of the day. Whoever changes events either changes the counts with the version, in the same
-- transaction, or renews the version alone (mark_event_days), which leaves the day without counts until somebody counts again.
ALTER TABLE event_days
    ADD COLUMN counted bigint,
    ADD COLUMN kinds kind_count[];

CREATE FUNCTION add_kinds(one kind_count[], other kind_count[]) RETURNS kind_count[]
    LANGUAGE sql IMMUTABLE
    BEGIN ATOMIC
        SELECT coalesce(array_agg(ROW(kind, n)::kind_count ORDER BY kind COLLATE "C"), '{}')
        FROM (
            SELECT kind, sum(count)::bigint AS n
            FROM (SELECT kind, count FROM unnest(one) UNION ALL SELECT kind, count FROM unnest(other)) AS both_kinds
            GROUP BY kind
            HAVING sum(count) <> 0
        ) AS summed;
    END;

-- Renews the version of days and adds to their counts; a count of NULL leaves the day without counts. Like
-- mark_event_days it holds the dataset's row, so that days stay days of this zone, and takes days in their order.
CREATE FUNCTION count_event_days(counted_dataset text, days date[], kinds text[], counts bigint[]) RETURNS void
    LANGUAGE sql STRICT
    BEGIN ATOMIC
        INSERT INTO event_days AS e (dataset, day, version, counted, kinds)
        SELECT d.slug, c.day, c.version, CASE WHEN c.kinds IS NOT NULL AND c.least_count >= 0 THEN c.version END, c.kinds
        FROM (SELECT slug FROM datasets WHERE slug = counted_dataset FOR SHARE) d
        CROSS JOIN (
            SELECT day, nextval('event_day_versions') AS version, min(n) AS least_count,
                CASE WHEN bool_and(n IS NOT NULL)
                    THEN array_agg(ROW(kind, n)::kind_count ORDER BY kind COLLATE "C") END AS kinds
            FROM (
                SELECT day, kind, CASE WHEN count(*) = count(n) THEN sum(n)::bigint END AS n
                FROM unnest(days, kinds, counts) AS u (day, kind, n)
                GROUP BY day, kind
            ) AS by_kind
            GROUP BY day
        ) c
        ORDER BY c.day
        -- The next version is taken when the day's row is held, so that versions of a day only grow.
        -- Counts below 0 show that rows were stored without being counted.
        ON CONFLICT (dataset, day) DO UPDATE SET (version, counted, kinds) = (
            SELECT v.version,
                CASE WHEN v.kinds IS NOT NULL AND NOT EXISTS (SELECT FROM unnest(v.kinds) WHERE count < 0)
                    THEN v.version END,
                v.kinds
            FROM (
                SELECT nextval('event_day_versions') AS version,
                    CASE WHEN e.counted = e.version AND excluded.kinds IS NOT NULL
                        THEN add_kinds(e.kinds, excluded.kinds) END AS kinds
            ) AS v);
    END;

-- The same for rows that another program has counted by the days that it thinks they are on. A count whose first or last row is
-- on another day leaves all days between the two without counts.
CREATE FUNCTION count_events(
    counted_dataset text, days date[], kinds text[], counts bigint[], firsts timestamptz[], lasts timestamptz[]
) RETURNS void
    LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM datasets WHERE slug = counted_dataset FOR SHARE;
    PERFORM count_event_days(
        counted_dataset, array_agg(coalesce(between_them.day, dated.day)), array_agg(dated.kind),
        array_agg(CASE WHEN dated.day = dated.first_day AND dated.day = dated.last_day THEN dated.n END))
    FROM (
        SELECT u.day, u.kind, u.n,
            (u.first_at AT TIME ZONE d.time_zone)::date AS first_day,
            (u.last_at AT TIME ZONE d.time_zone)::date AS last_day
        FROM datasets d
        CROSS JOIN unnest(days, kinds, counts, firsts, lasts) AS u (day, kind, n, first_at, last_at)
        WHERE d.slug = counted_dataset
    ) AS dated
    LEFT JOIN LATERAL (
        SELECT dated.first_day + offset_days AS day
        FROM generate_series(
            least(0, dated.last_day - dated.first_day), greatest(0, dated.last_day - dated.first_day)) AS offset_days
    ) AS between_them ON dated.day <> dated.first_day OR dated.day <> dated.last_day;
END
$$;

-- Counts the days without counts from the events.
CREATE FUNCTION recount_event_days(recounted_dataset text) RETURNS bigint
    LANGUAGE plpgsql AS $$
DECLARE
    zone text;
    uncounted date[];
BEGIN
    SELECT time_zone INTO zone FROM datasets WHERE slug = recounted_dataset FOR SHARE;
    -- The rows are held before the events are read, so that no change is missed that is committed meanwhile.
    SELECT array_agg(day) INTO uncounted
    FROM (
        SELECT day FROM event_days
        WHERE dataset = recounted_dataset AND counted IS DISTINCT FROM version
        ORDER BY day
        FOR UPDATE
    ) AS held;
    IF zone IS NULL OR uncounted IS NULL THEN
        RETURN 0;
    END IF;
    -- Values are planned with the statement, so that it touches the partitions of these days alone. A local day begins and
    -- ends within 16 hours of the day in UTC.
    EXECUTE $statement$
        UPDATE event_days e SET counted = e.version, kinds = coalesce(c.kinds, '{}')
        FROM unnest($1) AS s (day)
        LEFT JOIN (
            SELECT day, array_agg(ROW(kind, n)::kind_count ORDER BY kind COLLATE "C") AS kinds
            FROM (
                SELECT (event_timestamp AT TIME ZONE $2)::date AS day, event_type AS kind, count(*) AS n
                FROM events
                WHERE dataset = $3 AND event_timestamp >= $4 AND event_timestamp < $5
                GROUP BY 1, 2
            ) AS by_kind
            GROUP BY day
        ) AS c USING (day)
        WHERE e.dataset = $3 AND e.day = s.day
        $statement$
        USING uncounted, zone, recounted_dataset,
            (uncounted[1]::timestamp - interval '16 hours') AT TIME ZONE 'UTC',
            (uncounted[cardinality(uncounted)]::timestamp + interval '40 hours') AT TIME ZONE 'UTC';
    RETURN cardinality(uncounted);
END
$$;
SELECT recount_event_days(slug) FROM datasets;

CREATE OR REPLACE FUNCTION mark_days_of_new_zone() RETURNS trigger
    LANGUAGE plpgsql AS $$
BEGIN
    PERFORM mark_all_event_days(NEW.slug);
    PERFORM recount_event_days(NEW.slug);
    RETURN NULL;
END
$$;

-- Datasets are held before their zones are read.
CREATE OR REPLACE FUNCTION mark_days_left() RETURNS trigger
    LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM datasets WHERE slug IN (SELECT dataset FROM rows_left) ORDER BY slug FOR SHARE;
    PERFORM count_event_days(slug, array_agg(day), array_agg(kind), array_agg(-n))
    FROM (
        SELECT d.slug, (r.event_timestamp AT TIME ZONE d.time_zone)::date AS day, r.event_type AS kind, count(*) AS n
        FROM rows_left r
        JOIN datasets d ON d.slug = r.dataset
        GROUP BY 1, 2, 3
    ) AS by_kind
    GROUP BY slug
    ORDER BY slug;
    RETURN NULL;
END
$$;
CREATE OR REPLACE FUNCTION mark_days_moved() RETURNS trigger
    LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM datasets
    WHERE slug IN (SELECT dataset FROM rows_left UNION SELECT dataset FROM rows_entered) ORDER BY slug FOR SHARE;
    PERFORM count_event_days(slug, array_agg(day), array_agg(kind), array_agg(n))
    FROM (
        SELECT d.slug, (r.event_timestamp AT TIME ZONE d.time_zone)::date AS day, r.event_type AS kind, sum(r.n) AS n
        FROM (
            SELECT dataset, event_timestamp, event_type, -1 AS n FROM rows_left
            UNION ALL SELECT dataset, event_timestamp, event_type, 1 FROM rows_entered
        ) r
        JOIN datasets d ON d.slug = r.dataset
        GROUP BY 1, 2, 3
    ) AS by_kind
    GROUP BY slug
    ORDER BY slug;
    RETURN NULL;
END
$$;
