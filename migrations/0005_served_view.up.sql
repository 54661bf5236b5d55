-- Dataset, resolution and day as one number, so that one GiST finds a day's cells in a box by a single equality.
CREATE FUNCTION risk_slice(dataset_id integer, resolution integer, day date) RETURNS bigint
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN (dataset_id::bigint << 36) | (resolution::bigint << 32) | (day - DATE '0001-01-01');

-- What a refresh makes a materialized view of: the four tables joined.
CREATE VIEW daily_risk AS
SELECT
    risk_slice(d.id, a.resolution, a.day) AS slice,
    a.dataset,
    a.resolution,
    a.day,
    a.h3_index,
    a.event_count,
    a.rolling_7d_avg,
    a.growth_rate,
    r.risk,
    r.risk_score,
    r.risk_level,
    f.z_score,
    f.flagged AS anomaly,
    c.geom,
    c.geom_3857
FROM cell_aggregates a
JOIN datasets d ON d.slug = a.dataset
JOIN risk_scores r USING (dataset, resolution, h3_index, day)
JOIN anomaly_flags f USING (dataset, resolution, h3_index, day)
JOIN h3_cells c USING (h3_index);

-- One row: which version of the view is served, and what it holds.
CREATE TABLE served_view (
    only_row        boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    generation      bigint NOT NULL,
    rows            bigint NOT NULL,
    refreshed_at    timestamptz NOT NULL
);
INSERT INTO served_view (generation, rows, refreshed_at) VALUES (0, 0, now());

-- What the served view holds of each dataset, so that nobody has to scan it for that.
CREATE TABLE served_datasets (
    dataset         text NOT NULL REFERENCES datasets (slug) ON UPDATE CASCADE ON DELETE CASCADE,
    resolution      smallint NOT NULL,
    rows            bigint NOT NULL,
    first_day       date NOT NULL,
    last_day        date NOT NULL,
    west            float8 NOT NULL,
    south           float8 NOT NULL,
    east            float8 NOT NULL,
    north           float8 NOT NULL,
    PRIMARY KEY (dataset, resolution)
);

CREATE MATERIALIZED VIEW mv_daily_risk AS SELECT * FROM daily_risk ORDER BY slice, h3_index;
CREATE UNIQUE INDEX idx_mv_daily_risk_key ON mv_daily_risk (dataset, resolution, day, h3_index);
CREATE INDEX idx_mv_daily_risk_cell ON mv_daily_risk (dataset, resolution, h3_index, day);
CREATE INDEX idx_mv_daily_risk_level ON mv_daily_risk (dataset, resolution, day)
    WHERE risk_level >= 'high' OR anomaly;
CREATE INDEX idx_mv_daily_risk_geom_gist ON mv_daily_risk USING gist (slice, geom_3857);
