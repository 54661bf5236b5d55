-- An index that a batch has built anew on a partition does not go with that of the hypertable.
DO $$
DECLARE
    found regclass;
BEGIN
    FOR found IN
        SELECT c.oid::regclass FROM pg_class c
        WHERE c.relkind IN ('i', 'I') AND c.relname ~ '(^|_)idx_queryable_[0-9a-f]{24}$'
        ORDER BY c.relname ~ '^idx_queryable_' DESC
    LOOP
        EXECUTE format('DROP INDEX IF EXISTS %s', found);
    END LOOP;
END
$$;
DROP FUNCTION queryable_index(text, text, text);
DROP FUNCTION attribute_truth(jsonb, text);
DROP FUNCTION attribute_number(jsonb, text);
DROP FUNCTION attribute_text(jsonb, text);
ALTER TABLE datasets DROP COLUMN queryables;
REVOKE SELECT ON event_identities FROM hextant_reader;
DROP INDEX idx_dead_letters_open;
DROP INDEX idx_ingest_batches_dataset;
ALTER TABLE ingest_batches
    DROP COLUMN run, DROP COLUMN fields, DROP COLUMN blank_fields, DROP COLUMN blanks, DROP COLUMN newest_event,
    DROP COLUMN future_events, DROP COLUMN fresh_days, DROP COLUMN remedies, DROP COLUMN findings;
