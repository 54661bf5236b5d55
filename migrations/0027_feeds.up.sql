-- Feeds: sources that are read again and again into a dataset. The feeds themselves are files.

-- Where the rows of a batch came from: its feed and part, the URL without secrets, and when the answer came. NULL for files
-- and uploads.
ALTER TABLE ingest_batches
    ADD COLUMN feed             text,
    ADD COLUMN feed_part        text,
    ADD COLUMN source_address   text,
    ADD COLUMN retrieved_at     timestamptz;
CREATE INDEX idx_ingest_batches_feed ON ingest_batches (dataset, feed, feed_part, id) WHERE feed IS NOT NULL;

-- What is held of each part. A row is written in the transaction of the rows that it speaks of.
CREATE TABLE feed_checkpoints (
    dataset         text NOT NULL REFERENCES datasets (slug) ON UPDATE CASCADE ON DELETE CASCADE,
    feed            text NOT NULL CHECK (octet_length(feed) BETWEEN 1 AND 63),
    part            text NOT NULL CHECK (octet_length(part) BETWEEN 1 AND 200),
    -- The version of the part that the source had, and where its reading goes on, as the kind of source writes it.
    version         text NOT NULL CHECK (octet_length(version) <= 1000),
    state           text NOT NULL CHECK (octet_length(state) <= 1000000),
    -- The last batch of the part, and how many rows it had; NULL while none had any.
    batch           bigint,
    rows            bigint NOT NULL DEFAULT 0,
    read_at         timestamptz NOT NULL DEFAULT now(),
    -- The first batch of the newest reading of the part as a whole: what older batches brought and it has not is gone.
    whole_batch     bigint,
    -- First and last time of events that the part ever brought, within which those that are gone are looked for.
    first_event     timestamptz,
    last_event      timestamptz,
    PRIMARY KEY (dataset, feed, part)
);

-- The ids of a part that is read as a whole in several batches, until its last one. The others are deleted then.
CREATE TABLE feed_seen (
    dataset         text NOT NULL,
    feed            text NOT NULL,
    part            text NOT NULL,
    event_id        text NOT NULL,
    PRIMARY KEY (dataset, feed, part, event_id),
    FOREIGN KEY (dataset, feed, part) REFERENCES feed_checkpoints (dataset, feed, part)
        ON UPDATE CASCADE ON DELETE CASCADE
);

-- The runs of feeds. A job that is tried again has several.
CREATE TABLE feed_runs (
    id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    dataset         text NOT NULL REFERENCES datasets (slug) ON UPDATE CASCADE ON DELETE CASCADE,
    feed            text NOT NULL CHECK (octet_length(feed) BETWEEN 1 AND 63),
    -- The run of its job; NULL for that of a command.
    run             bigint REFERENCES analytics_runs (id) ON DELETE SET NULL,
    trigger         text NOT NULL,
    state           run_state NOT NULL DEFAULT 'running',
    error           text,
    -- Parts that the source offers, and that were read; requests that it took.
    offered         bigint NOT NULL DEFAULT 0,
    read            bigint NOT NULL DEFAULT 0,
    requests        bigint NOT NULL DEFAULT 0,
    batches         bigint NOT NULL DEFAULT 0,
    -- Rows that became events, were there already, were rejected, and events that are gone from the source.
    accepted        bigint NOT NULL DEFAULT 0,
    duplicate       bigint NOT NULL DEFAULT 0,
    rejected        bigint NOT NULL DEFAULT 0,
    removed         bigint NOT NULL DEFAULT 0,
    findings        text[] NOT NULL DEFAULT '{}',
    -- The parts that failed: an array of objects with part, code, problem, is_temporary.
    failures        jsonb NOT NULL DEFAULT '[]',
    started_at      timestamptz NOT NULL DEFAULT now(),
    finished_at     timestamptz,
    -- How the dataset was scored before the run: the normalization, and the first day if earlier ones were left out.
    normalization   text NOT NULL DEFAULT 'minmax',
    score_from      date,
    -- The run that scores what this one brought.
    score_run       bigint
);
CREATE INDEX idx_feed_runs_feed ON feed_runs (feed, id);
CREATE INDEX idx_feed_runs_finished ON feed_runs (finished_at);
CREATE INDEX idx_feed_runs_success ON feed_runs (feed, finished_at) WHERE state = 'finished' AND failures = '[]';
CREATE INDEX idx_feed_runs_running ON feed_runs (id) WHERE state = 'running';
CREATE INDEX idx_feed_runs_unscored ON feed_runs (dataset, id) WHERE score_run IS NULL AND accepted + removed > 0;
CREATE INDEX idx_feed_runs_run ON feed_runs (run) WHERE run IS NOT NULL;

-- The rows of a feed since ever, which do not fall when runs are deleted.
CREATE TABLE feed_totals (
    dataset         text NOT NULL REFERENCES datasets (slug) ON UPDATE CASCADE ON DELETE CASCADE,
    feed            text NOT NULL,
    outcome         text NOT NULL CHECK (outcome IN ('accepted', 'duplicate', 'rejected', 'removed')),
    total           bigint NOT NULL,
    PRIMARY KEY (dataset, feed, outcome)
);

GRANT SELECT ON feed_checkpoints, feed_runs, feed_totals TO hextant_reader;
