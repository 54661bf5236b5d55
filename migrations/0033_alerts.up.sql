-- Rules of datasets, what they found, and the delivery of that to webhooks (docs/alerts.md).
CREATE TABLE alert_rules (
    id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    dataset         text NOT NULL REFERENCES datasets (slug) ON UPDATE CASCADE ON DELETE CASCADE,
    name            text NOT NULL CHECK (name ~ '^[a-z0-9][a-z0-9_-]{0,62}$'),
    condition       text NOT NULL CHECK (condition IN ('class', 'forecast', 'unusual', 'rows', 'stale')),
    resolution      smallint CHECK (resolution BETWEEN 0 AND 15),
    classes         text[] NOT NULL DEFAULT '{}',
    number          integer CHECK (number > 0),
    webhook         text,
    -- The name of the environment variable HEXTANT_SECRET_... with the key of signatures.
    secret          text,
    allow_private   boolean NOT NULL DEFAULT false,
    -- The cells that met the condition at the last look; NULL before the first.
    matching        bigint[],
    UNIQUE (dataset, name)
);

-- What the last look at all rules saw. Its row is locked by who looks.
CREATE TABLE alert_evaluation (
    only_row        boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    generation      bigint NOT NULL,
    evaluated_at    timestamptz NOT NULL
);
INSERT INTO alert_evaluation (generation, evaluated_at) SELECT generation, now() FROM served_view;

CREATE TABLE alerts (
    id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    dataset         text NOT NULL REFERENCES datasets (slug) ON UPDATE CASCADE ON DELETE CASCADE,
    rule            text NOT NULL,
    condition       text NOT NULL,
    -- What a rule finds only once has the same key.
    key             text NOT NULL,
    resolution      smallint,
    as_of           date,
    message         text NOT NULL,
    -- How many cells met the condition newly, and the first of them.
    total           integer NOT NULL,
    cells           jsonb NOT NULL,
    created_at      timestamptz NOT NULL DEFAULT now(),
    webhook         text,
    secret          text,
    allow_private   boolean NOT NULL,
    state           text NOT NULL CHECK (state IN ('kept', 'waiting', 'sent', 'given_up')),
    attempts        integer NOT NULL DEFAULT 0,
    next_attempt_at timestamptz NOT NULL DEFAULT now(),
    sent_at         timestamptz,
    error           text,
    UNIQUE (dataset, rule, key)
);
CREATE INDEX idx_alerts_dataset ON alerts (dataset, id);
CREATE INDEX idx_alerts_waiting ON alerts (next_attempt_at) WHERE state = 'waiting';

GRANT SELECT ON alert_rules, alerts TO hextant_reader;
