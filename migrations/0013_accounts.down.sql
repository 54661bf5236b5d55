DROP TRIGGER raise_access_version ON sessions;
DROP TRIGGER raise_access_version ON api_keys;
DROP TRIGGER raise_access_version ON dataset_grants;
DROP TRIGGER raise_access_version ON users;
DROP TRIGGER raise_access_version ON datasets;
DROP FUNCTION raise_access_version;
DROP TABLE access_version;
DROP TABLE audit_log;
DROP FUNCTION keep_audit_log;
DROP TYPE audit_outcome;
DROP TABLE login_attempts;
DROP TABLE refresh_tokens;
DROP TABLE sessions;
DROP TABLE api_keys;
DROP TABLE dataset_grants;
ALTER TABLE users
    DROP COLUMN updated_at,
    DROP CONSTRAINT users_username;
