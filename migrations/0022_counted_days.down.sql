CREATE OR REPLACE FUNCTION mark_days_of_new_zone() RETURNS trigger
    LANGUAGE plpgsql AS $$
BEGIN
    PERFORM mark_all_event_days(NEW.slug);
    RETURN NULL;
END
$$;
CREATE OR REPLACE FUNCTION mark_days_left() RETURNS trigger
    LANGUAGE plpgsql AS $$
BEGIN
    PERFORM mark_event_days(dataset, array_agg(event_timestamp)) FROM rows_left GROUP BY dataset ORDER BY dataset;
    RETURN NULL;
END
$$;
CREATE OR REPLACE FUNCTION mark_days_moved() RETURNS trigger
    LANGUAGE plpgsql AS $$
BEGIN
    PERFORM mark_event_days(dataset, array_agg(event_timestamp))
    FROM (SELECT dataset, event_timestamp FROM rows_left
        UNION ALL SELECT dataset, event_timestamp FROM rows_entered) moved
    GROUP BY dataset ORDER BY dataset;
    RETURN NULL;
END
$$;
DROP FUNCTION recount_event_days(text);
DROP FUNCTION count_events(text, date[], text[], bigint[], timestamptz[], timestamptz[]);
DROP FUNCTION count_event_days(text, date[], text[], bigint[]);
DROP FUNCTION add_kinds(kind_count[], kind_count[]);
ALTER TABLE event_days DROP COLUMN counted, DROP COLUMN kinds;
DROP TYPE kind_count;
