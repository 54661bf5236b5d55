DROP TABLE dead_letters;
DROP TABLE event_identities;
DROP TABLE events;
DROP TABLE ingest_batches;
DROP TYPE batch_state;
