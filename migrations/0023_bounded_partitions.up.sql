-- A statement over all times plans and locks every partition of events, whichever dataset made it. So their number is bounded:
-- only times near the present have partitions of 30 days. All widths are multiples of each other and count from 1970, so that
-- narrow partitions fit into wide ones.
CREATE FUNCTION event_partition_width(moment timestamptz) RETURNS interval
    LANGUAGE sql STABLE
    BEGIN ATOMIC
        SELECT CASE
            WHEN moment >= now() - interval '17280 hours' AND moment < now() + interval '8640 hours' THEN interval '30 days'
            -- 36000 days from 1970 on.
            WHEN moment >= '1970-01-01T00:00:00Z' AND moment < '2068-07-25T00:00:00Z' THEN interval '360 days'
            ELSE interval '36000 days'
        END;
    END;

-- Makes a partition for each of some times that has none, and tells the ranges of the new ones. TimescaleDB makes a partition
-- when the first row needs it, by the interval that the hypertable has then. Until the transaction ends, nobody else can make
-- one.
CREATE FUNCTION make_event_partitions(moments timestamptz[]) RETURNS TABLE (range_start timestamptz, range_end timestamptz)
    LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
    usual constant interval := interval '30 days';
    width interval := usual;
    wanted interval;
    moment timestamptz;
    covered tstzmultirange;
    made tstzrange;
BEGIN
    LOCK TABLE events IN SHARE UPDATE EXCLUSIVE MODE;
    SELECT coalesce(range_agg(tstzrange(c.range_start, c.range_end)), '{}') INTO covered
    FROM timescaledb_information.chunks c
    WHERE c.hypertable_schema = 'public' AND c.hypertable_name = 'events';
    FOR moment IN SELECT DISTINCT m FROM unnest(moments) AS m ORDER BY m LOOP
        CONTINUE WHEN covered @> moment;
        wanted := event_partition_width(moment);
        IF wanted <> width THEN
            PERFORM set_chunk_time_interval('events', wanted);
            width := wanted;
        END IF;
        -- A row of no dataset, which nobody sees: it is gone before the transaction ends.
        INSERT INTO events (dataset, event_type, event_timestamp, geom, batch, row_number)
        VALUES ('', '', moment, 'SRID=4326;POINT(0 0)', 0, 0);
        EXECUTE 'DELETE FROM events WHERE dataset = '''' AND event_timestamp = $1' USING moment;
        SELECT tstzrange(c.range_start, c.range_end) INTO made
        FROM timescaledb_information.chunks c
        WHERE c.hypertable_schema = 'public' AND c.hypertable_name = 'events'
            AND c.range_start <= moment AND c.range_end > moment;
        covered := covered + tstzmultirange(made);
        range_start := lower(made);
        range_end := upper(made);
        RETURN NEXT;
    END LOOP;
    IF width <> usual THEN
        PERFORM set_chunk_time_interval('events', usual);
    END IF;
END
$$;

-- Drops partitions without rows, at most some of them, and tells how many. None is dropped while an ingest is running, which
-- counts on the partitions that it found, and none that somebody is using.
CREATE FUNCTION drop_empty_event_partitions(most bigint) RETURNS bigint
    LANGUAGE plpgsql AS $$
DECLARE
    part record;
    is_empty boolean;
    dropped bigint := 0;
BEGIN
    IF NOT pg_try_advisory_xact_lock(hashtextextended('hextant partitions', 0)) THEN
        RETURN 0;
    END IF;
    FOR part IN
        SELECT format('%I.%I', chunk_schema, chunk_name) AS name, range_start, range_end
        FROM timescaledb_information.chunks
        WHERE hypertable_schema = 'public' AND hypertable_name = 'events'
        ORDER BY range_start
    LOOP
        EXIT WHEN dropped >= most;
        EXECUTE format('SELECT NOT EXISTS (SELECT FROM %s)', part.name) INTO is_empty;
        CONTINUE WHEN NOT is_empty;
        BEGIN
            EXECUTE format('LOCK TABLE %s IN ACCESS EXCLUSIVE MODE NOWAIT', part.name);
            EXECUTE format('SELECT NOT EXISTS (SELECT FROM %s)', part.name) INTO is_empty;
            IF is_empty THEN
                PERFORM drop_chunks('events', older_than => part.range_end, newer_than => part.range_start);
                dropped := dropped + 1;
            END IF;
        EXCEPTION WHEN lock_not_available THEN
            NULL;
        END;
    END LOOP;
    RETURN dropped;
END
$$;

-- Moves the rows of several partitions of one wide range into a single one, if they have few, and tells how many partitions there
-- are less; 0 when there is nothing left to merge. At most 100 are merged at a time, because each takes several locks.
CREATE FUNCTION merge_event_partitions(most_bytes bigint) RETURNS bigint
    LANGUAGE plpgsql AS $$
DECLARE
    slot record;
    part text;
BEGIN
    IF NOT pg_try_advisory_xact_lock(hashtextextended('hextant partitions', 0)) THEN
        RETURN 0;
    END IF;
    FOR slot IN
        WITH parts AS (
            SELECT format('%I.%I', chunk_schema, chunk_name) AS name, range_start, range_end,
                event_partition_width(range_start) AS width
            FROM timescaledb_information.chunks
            WHERE hypertable_schema = 'public' AND hypertable_name = 'events'
        ), slots AS (
            SELECT *, date_bin(width, range_start AT TIME ZONE 'UTC', '1970-01-01') AS start FROM parts
        )
        SELECT start, max(width) AS width, array_agg(name ORDER BY range_start) AS names,
            array_agg(range_start ORDER BY range_start) AS starts, array_agg(range_end ORDER BY range_start) AS ends
        FROM slots
        WHERE width > interval '30 days'
        GROUP BY start, width
        HAVING count(*) > 1 AND sum(pg_relation_size(name::regclass)) <= most_bytes
        ORDER BY start
    LOOP
        BEGIN
            LOCK TABLE events IN SHARE UPDATE EXCLUSIVE MODE NOWAIT;
            FOREACH part IN ARRAY slot.names[:100] LOOP
                EXECUTE format('LOCK TABLE %s IN ACCESS EXCLUSIVE MODE NOWAIT', part);
            END LOOP;
            CREATE TEMP TABLE merged_events (LIKE events) ON COMMIT DROP;
            FOREACH part IN ARRAY slot.names[:100] LOOP
                EXECUTE format('INSERT INTO merged_events SELECT * FROM %s', part);
            END LOOP;
            PERFORM drop_chunks(
                'events', older_than => slot.ends[least(100, cardinality(slot.ends))], newer_than => slot.starts[1]);
            PERFORM set_chunk_time_interval('events', slot.width);
            INSERT INTO events OVERRIDING SYSTEM VALUE
            SELECT * FROM merged_events ORDER BY dataset, event_timestamp, sequence;
            PERFORM set_chunk_time_interval('events', interval '30 days');
            RETURN least(100, cardinality(slot.names)) - 1;
        EXCEPTION WHEN lock_not_available THEN
            NULL;
        END;
    END LOOP;
    RETURN 0;
END
$$;
