CREATE TYPE batch_state AS ENUM ('running', 'finished', 'failed');

CREATE TABLE ingest_batches (
    id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    dataset         text NOT NULL REFERENCES datasets (slug) ON UPDATE CASCADE ON DELETE CASCADE,
    source          text NOT NULL,
    sha256          bytea NOT NULL CHECK (octet_length(sha256) = 32),
    mapping         text NOT NULL,
    state           batch_state NOT NULL DEFAULT 'running',
    received        bigint NOT NULL DEFAULT 0,
    accepted        bigint NOT NULL DEFAULT 0,
    duplicate       bigint NOT NULL DEFAULT 0,
    rejected        bigint NOT NULL DEFAULT 0,
    error           text,
    started_at      timestamptz NOT NULL DEFAULT now(),
    finished_at     timestamptz,
    CHECK (received = accepted + duplicate + rejected)
);
CREATE INDEX idx_ingest_batches_content ON ingest_batches (dataset, sha256);

-- No foreign keys: a check for each row would double the cost of COPY, and a batch is written in one transaction anyway.
CREATE TABLE events (
    sequence        bigint GENERATED ALWAYS AS IDENTITY (CACHE 1000),
    dataset         text NOT NULL,
    event_id        text,
    event_type      text NOT NULL,
    event_timestamp timestamptz NOT NULL,
    geom            geometry(Point, 4326) NOT NULL,
    attributes_json jsonb NOT NULL DEFAULT '{}',
    batch           bigint NOT NULL,
    row_number      bigint NOT NULL
);
SELECT create_hypertable('events', by_range('event_timestamp', INTERVAL '1 month'), create_default_indexes => false);
CREATE INDEX idx_events_time ON events (dataset, event_timestamp, sequence);
CREATE INDEX idx_events_geom_gist ON events USING gist (geom);
-- Only rows of sources without ids are found by batch and row: they are recognised when the same upload comes again.
CREATE INDEX idx_events_row ON events (batch, row_number) WHERE event_id IS NULL;

-- A hypertable can only be unique on keys that hold the time, and the time of a re-issued event may move.
CREATE TABLE event_identities (
    dataset         text NOT NULL,
    event_id        text NOT NULL,
    event_timestamp timestamptz NOT NULL,
    sequence        bigint NOT NULL,
    PRIMARY KEY (dataset, event_id)
);

CREATE TABLE dead_letters (
    id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    batch           bigint NOT NULL REFERENCES ingest_batches (id) ON DELETE CASCADE,
    row_number      bigint NOT NULL,
    line_number     bigint NOT NULL CHECK (line_number > 0),
    raw             text NOT NULL,
    reason          text NOT NULL,
    detail          text NOT NULL,
    created_at      timestamptz NOT NULL DEFAULT now(),
    remediated_at   timestamptz
);
CREATE INDEX idx_dead_letters_batch ON dead_letters (batch, line_number);
