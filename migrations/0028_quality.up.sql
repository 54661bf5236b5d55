-- How good a batch's records are: what its scores follow from, and what about it is not as expected. A batch from before
-- has none of it. The feed, its part, the URL and the time of retrieval are columns of migration 0027.
ALTER TABLE ingest_batches
    -- The run whose job brought the file.
    ADD COLUMN run              bigint REFERENCES analytics_runs (id) ON DELETE SET NULL,
    ADD COLUMN fields           bigint,
    ADD COLUMN blank_fields     bigint,
    -- The blank fields by the column of their attribute: an object of numbers.
    ADD COLUMN blanks           jsonb NOT NULL DEFAULT '{}',
    ADD COLUMN newest_event     timestamptz,
    ADD COLUMN future_events    bigint NOT NULL DEFAULT 0,
    -- The days within which data count as timely, where the feed or mapping expects it.
    ADD COLUMN fresh_days       integer,
    -- How many records the rules of the mapping mended, by the name of the rule.
    ADD COLUMN remedies         jsonb NOT NULL DEFAULT '{}',
    -- An array of objects with check, column (if it is about one) and message.
    ADD COLUMN findings         jsonb NOT NULL DEFAULT '[]';
CREATE INDEX idx_ingest_batches_dataset ON ingest_batches (dataset, id);
CREATE INDEX idx_ingest_batches_run ON ingest_batches (run) WHERE run IS NOT NULL;
-- Dead letters that can be read again are looked for by the batches that still have some.
CREATE INDEX idx_dead_letters_open ON dead_letters (batch, id) WHERE remediated_at IS NULL;

GRANT SELECT ON event_identities TO hextant_reader;

-- Attributes that filters may name: an object of names with their types.
ALTER TABLE datasets ADD COLUMN queryables jsonb NOT NULL DEFAULT '{}';

-- An attribute as filters compare it. None of the functions is strict, so that the planner puts their bodies in place of
-- the calls, in indexes as in statements.

-- An attribute as a text. A longer one does not fit into an index, and is none here.
CREATE FUNCTION attribute_text(attributes jsonb, name text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE WHEN octet_length(attributes ->> name) <= 1000 THEN attributes ->> name END;

-- An attribute as a number: one of JSON, or a text of digits with an optional sign, fraction and exponent. Anything else
-- is no number. The lengths are bounded so that every match fits into a double.
CREATE FUNCTION attribute_number(attributes jsonb, name text) RETURNS double precision
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE WHEN attributes ->> name ~ '^\s*[+-]?[0-9]{1,30}(\.[0-9]{0,30})?([eE][+-]?[0-9]{1,2})?\s*$'
        THEN (attributes ->> name)::double precision END;

-- An attribute as a truth value, as sources write it.
CREATE FUNCTION attribute_truth(attributes jsonb, name text) RETURNS boolean
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE lower(attributes ->> name)
        WHEN 'true' THEN true WHEN 't' THEN true WHEN 'yes' THEN true WHEN 'y' THEN true WHEN '1' THEN true
        WHEN 'false' THEN false WHEN 'f' THEN false WHEN 'no' THEN false WHEN 'n' THEN false WHEN '0' THEN false
    END;

-- The name of the index of an attribute. It begins like no other index of events.
CREATE FUNCTION queryable_index(dataset text, name text, kind text) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT
    RETURN 'idx_queryable_' || substr(encode(sha256(convert_to(
        octet_length(dataset) || ' ' || dataset || ' ' || octet_length(name) || ' ' || name || ' ' || kind, 'UTF8')),
        'hex'), 1, 24);
