CREATE TYPE risk_level AS ENUM ('low', 'medium', 'high', 'critical');

-- geom and geom_3857 are Polygons, or MultiPolygons where a cell crosses the antimeridian; geom_3857 is empty where a
-- cell lies wholly beyond the latitudes that Web Mercator has.
CREATE TABLE h3_cells (
    h3_index        bigint PRIMARY KEY,
    resolution      smallint NOT NULL CHECK (resolution BETWEEN 0 AND 15),
    geom            geometry(Geometry, 4326) NOT NULL,
    geom_3857       geometry(Geometry, 3857) NOT NULL
);
CREATE INDEX idx_h3_cells_resolution ON h3_cells (resolution);
CREATE INDEX idx_h3_cells_geom_gist ON h3_cells USING gist (geom);

-- No foreign keys to datasets on the three that follow: a check for each row tripled the time that a run takes to write.
CREATE TABLE cell_aggregates (
    dataset         text NOT NULL,
    resolution      smallint NOT NULL,
    h3_index        bigint NOT NULL,
    day             date NOT NULL,
    event_count     integer NOT NULL CHECK (event_count > 0),
    rolling_7d_avg  float8 NOT NULL,
    growth_rate     float8 NOT NULL,
    PRIMARY KEY (dataset, resolution, h3_index, day)
);
CREATE TABLE risk_scores (
    dataset         text NOT NULL,
    resolution      smallint NOT NULL,
    h3_index        bigint NOT NULL,
    day             date NOT NULL,
    risk            float8 NOT NULL,
    risk_score      float8 NOT NULL CHECK (risk_score BETWEEN 0 AND 100),
    risk_level      risk_level NOT NULL,
    PRIMARY KEY (dataset, resolution, h3_index, day)
);
CREATE TABLE anomaly_flags (
    dataset         text NOT NULL,
    resolution      smallint NOT NULL,
    h3_index        bigint NOT NULL,
    day             date NOT NULL,
    z_score         float8 NOT NULL,
    flagged         boolean NOT NULL,
    PRIMARY KEY (dataset, resolution, h3_index, day)
);

CREATE TYPE run_state AS ENUM ('queued', 'running', 'finished', 'failed', 'cancelled');

CREATE TABLE analytics_runs (
    id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    dataset         text NOT NULL REFERENCES datasets (slug) ON UPDATE CASCADE ON DELETE CASCADE,
    resolutions     smallint[] NOT NULL,
    from_day        date NOT NULL,
    to_day          date NOT NULL CHECK (to_day >= from_day),
    state           run_state NOT NULL DEFAULT 'queued',
    progress        float8 NOT NULL DEFAULT 0 CHECK (progress BETWEEN 0 AND 1),
    events          bigint NOT NULL DEFAULT 0,
    rows            bigint NOT NULL DEFAULT 0,
    error           text,
    created_at      timestamptz NOT NULL DEFAULT now(),
    started_at      timestamptz,
    finished_at     timestamptz
);

CREATE TABLE jobs (
    id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind            text NOT NULL,
    parameters      jsonb NOT NULL DEFAULT '{}',
    state           run_state NOT NULL DEFAULT 'queued',
    progress        float8 NOT NULL DEFAULT 0 CHECK (progress BETWEEN 0 AND 1),
    attempts        integer NOT NULL DEFAULT 0,
    error           text,
    run_at          timestamptz NOT NULL DEFAULT now(),
    leased_until    timestamptz,
    created_at      timestamptz NOT NULL DEFAULT now(),
    finished_at     timestamptz
);
CREATE INDEX idx_jobs_due ON jobs (run_at, id) WHERE state = 'queued';
