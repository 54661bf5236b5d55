-- The position up to which a stream is stored, for each partition of its topics (docs/streams.md). It is written in the
-- transaction of the messages' events, so no message is lost or stored twice, however a reader ends.
CREATE TABLE stream_offsets (
    dataset         text NOT NULL REFERENCES datasets (slug) ON UPDATE CASCADE ON DELETE CASCADE,
    stream          text NOT NULL,
    topic           text NOT NULL,
    partition       integer NOT NULL,
    -- The offset of the next message; for a broker without offsets, how many messages came.
    next_offset     bigint NOT NULL,
    -- The offset after the newest message that the broker was known to have.
    end_offset      bigint,
    messages        bigint NOT NULL DEFAULT 0,
    accepted        bigint NOT NULL DEFAULT 0,
    duplicate       bigint NOT NULL DEFAULT 0,
    rejected        bigint NOT NULL DEFAULT 0,
    batch           bigint,
    stored_at       timestamptz,
    PRIMARY KEY (dataset, stream, topic, partition)
);
GRANT SELECT ON stream_offsets TO hextant_reader;
