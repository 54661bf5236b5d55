-- Models that were trained on expenditures (docs/models.md).
CREATE TABLE models (
    id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    dataset         text NOT NULL REFERENCES datasets (slug) ON UPDATE CASCADE ON DELETE CASCADE,
    kind            text NOT NULL CHECK (kind IN ('clustering', 'classification')),
    state           text NOT NULL DEFAULT 'candidate' CHECK (state IN ('candidate', 'active', 'retired')),
    trained_at      timestamptz NOT NULL DEFAULT now(),
    activated_at    timestamptz,
    from_day        date NOT NULL,
    to_day          date NOT NULL,
    -- The days of the payments that were held out; NULL where none were.
    test_from_day   date,
    test_to_day     date,
    payments        bigint NOT NULL,
    features        text[] NOT NULL,
    parameters      jsonb NOT NULL,
    metrics         jsonb NOT NULL,
    library         text NOT NULL,
    sha256          bytea NOT NULL CHECK (length(sha256) = 32),
    file            bytea NOT NULL,
    -- The last look at how far the data have moved; NULL before it.
    drift_at        timestamptz,
    drift_rows      bigint,
    -- The largest population stability index that counts; NULL where there was too little to compare.
    drift_index     float8,
    drift_indexes   jsonb
);
-- A file hardly becomes smaller, and is always read whole.
ALTER TABLE models ALTER file SET STORAGE EXTERNAL;
CREATE UNIQUE INDEX idx_models_active ON models (dataset, kind) WHERE state = 'active';
CREATE INDEX idx_models_dataset ON models (dataset, id);
-- The same file is the same model: a training that was stored and is repeated adds nothing.
CREATE UNIQUE INDEX idx_models_file ON models (dataset, kind, sha256);

-- The version of what is active, which servers follow.
CREATE TABLE model_version (
    only_row        boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    version         bigint NOT NULL
);
INSERT INTO model_version (version) VALUES (0);

CREATE FUNCTION note_models() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE model_version SET version = version + 1;
    PERFORM pg_notify('hextant_models', '');
    RETURN NULL;
END
$$;
-- Drift is measured without a change of what is active.
CREATE TRIGGER models_are_noted AFTER INSERT OR DELETE OR UPDATE OF state, dataset ON models
    FOR EACH STATEMENT EXECUTE FUNCTION note_models();

GRANT SELECT ON models, model_version TO hextant_reader;

-- Makes a model the active one of its kind and dataset and retires the one before, in the caller's transaction.
-- Returns whether there is such a model.
CREATE FUNCTION activate_model(wanted bigint) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
    own_dataset text;
    own_kind text;
BEGIN
    SELECT dataset, kind INTO own_dataset, own_kind FROM models WHERE id = wanted;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    -- Two activations at the same time come one after the other.
    PERFORM pg_advisory_xact_lock(hashtextextended('hextant models ' || own_kind || ' ' || own_dataset, 0));
    UPDATE models SET state = 'retired'
    WHERE dataset = own_dataset AND kind = own_kind AND state = 'active' AND id <> wanted;
    UPDATE models SET state = 'active', activated_at = clock_timestamp() WHERE id = wanted AND state <> 'active';
    -- It may have been deleted meanwhile.
    RETURN EXISTS (SELECT FROM models WHERE id = wanted);
END
$$;
