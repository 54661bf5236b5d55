CREATE TYPE dataset_visibility AS ENUM ('public', 'private');

CREATE TABLE datasets (
    slug            text PRIMARY KEY CHECK (slug ~ '^[a-z0-9][a-z0-9_-]{0,62}$'),
    -- A number for the slug, so that the view's index can hold dataset, resolution and day in one bigint (risk_slice).
    id              integer GENERATED ALWAYS AS IDENTITY UNIQUE CHECK (id < 134217728),
    title           text NOT NULL,
    licence         text NOT NULL,
    licence_url     text,
    attribution     text NOT NULL,
    time_zone       text NOT NULL DEFAULT 'UTC',
    visibility      dataset_visibility NOT NULL DEFAULT 'private',
    resolutions     smallint[] NOT NULL CHECK (cardinality(resolutions) > 0 AND 0 <= ALL (resolutions) AND 15 >= ALL (resolutions)),
    weight_count    float8 NOT NULL DEFAULT 0.5,
    weight_growth   float8 NOT NULL DEFAULT 0.3,
    weight_average  float8 NOT NULL DEFAULT 0.2,
    created_at      timestamptz NOT NULL DEFAULT now(),
    updated_at      timestamptz NOT NULL DEFAULT now()
);

CREATE TYPE user_role AS ENUM ('admin', 'analyst', 'public');

CREATE TABLE users (
    id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    username        text NOT NULL UNIQUE CHECK (username <> ''),
    password_hash   text NOT NULL,
    role            user_role NOT NULL,
    disabled_at     timestamptz,
    created_at      timestamptz NOT NULL DEFAULT now()
);
