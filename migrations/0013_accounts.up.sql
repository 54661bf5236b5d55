-- Accounts: who may see private datasets and change the store, what they did, and a version that tells servers at once
-- that a right has changed.
ALTER TABLE users
    ADD CONSTRAINT users_username CHECK (username ~ '^[a-z0-9][a-z0-9._@-]{0,62}$'),
    ADD COLUMN updated_at timestamptz NOT NULL DEFAULT now();

CREATE TABLE dataset_grants (
    dataset     text NOT NULL REFERENCES datasets (slug) ON UPDATE CASCADE ON DELETE CASCADE,
    user_id     bigint NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    created_at  timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (user_id, dataset)
);
CREATE INDEX idx_dataset_grants_dataset ON dataset_grants (dataset);

-- A machine's right. The key itself is known only to who got it.
CREATE TABLE api_keys (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name        text NOT NULL UNIQUE CHECK (name ~ '^[a-z0-9][a-z0-9._@-]{0,62}$'),
    hash        bytea NOT NULL UNIQUE CHECK (length(hash) = 32),
    role        user_role NOT NULL,
    -- The only datasets that the key is good for; NULL is what its role may see.
    datasets    text[],
    created_at  timestamptz NOT NULL DEFAULT now(),
    expires_at  timestamptz,
    revoked_at  timestamptz
);

-- What a password opened, and what its refresh tokens keep open.
CREATE TABLE sessions (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    user_id     bigint NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    created_at  timestamptz NOT NULL DEFAULT now(),
    expires_at  timestamptz NOT NULL,
    revoked_at  timestamptz
);
CREATE INDEX idx_sessions_user ON sessions (user_id);
CREATE INDEX idx_sessions_expires ON sessions (expires_at);

-- Each is good for one use; a used one is kept as long as its session, so that a second use is noticed.
CREATE TABLE refresh_tokens (
    hash        bytea PRIMARY KEY CHECK (length(hash) = 32),
    session     bigint NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
    created_at  timestamptz NOT NULL DEFAULT now(),
    used_at     timestamptz
);
CREATE INDEX idx_refresh_tokens_session ON refresh_tokens (session);

-- Sign-ins that failed, by the hash of a name or an address. A crash may forget them.
CREATE UNLOGGED TABLE login_attempts (
    subject         bytea PRIMARY KEY,
    failures        integer NOT NULL,
    blocked_until   timestamptz NOT NULL,
    updated_at      timestamptz NOT NULL
);
CREATE INDEX idx_login_attempts_updated ON login_attempts (updated_at);

CREATE TYPE audit_outcome AS ENUM ('done', 'failed', 'refused');

CREATE TABLE audit_log (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at          timestamptz NOT NULL DEFAULT now(),
    -- `user NAME`, `key NAME`, `command` or `anonymous`.
    actor       text NOT NULL,
    address     inet,
    action      text NOT NULL,
    target      text,
    outcome     audit_outcome NOT NULL,
    status      smallint,
    detail      text
);
CREATE INDEX idx_audit_log_at ON audit_log (at);
CREATE INDEX idx_audit_log_actor ON audit_log (actor, id);

-- What has been written down stays as it is; old entries may be deleted.
CREATE FUNCTION keep_audit_log() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the audit log is not changed';
END
$$;
CREATE TRIGGER keep_audit_log BEFORE UPDATE ON audit_log FOR EACH STATEMENT EXECUTE FUNCTION keep_audit_log();

-- Grows in every transaction that changes a right. A row and not a sequence, for it must be seen when the change is seen.
CREATE TABLE access_version (
    only_one    boolean PRIMARY KEY DEFAULT true CHECK (only_one),
    version     bigint NOT NULL
);
INSERT INTO access_version (version) VALUES (1);

CREATE FUNCTION raise_access_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE access_version SET version = version + 1;
    PERFORM pg_notify('hextant_access', '');
    RETURN NULL;
END
$$;
CREATE TRIGGER raise_access_version AFTER INSERT OR DELETE OR UPDATE OF slug, visibility ON datasets
    FOR EACH STATEMENT EXECUTE FUNCTION raise_access_version();
CREATE TRIGGER raise_access_version AFTER UPDATE OR DELETE ON users
    FOR EACH STATEMENT EXECUTE FUNCTION raise_access_version();
CREATE TRIGGER raise_access_version AFTER INSERT OR UPDATE OR DELETE ON dataset_grants
    FOR EACH STATEMENT EXECUTE FUNCTION raise_access_version();
CREATE TRIGGER raise_access_version AFTER UPDATE OR DELETE ON api_keys
    FOR EACH STATEMENT EXECUTE FUNCTION raise_access_version();
CREATE TRIGGER raise_access_version AFTER UPDATE ON sessions
    FOR EACH STATEMENT EXECUTE FUNCTION raise_access_version();

-- Readers hear of changes; what is secret here is not for them.
GRANT SELECT ON access_version TO hextant_reader;
