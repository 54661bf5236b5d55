-- Groups of event types that have figures of their own: their types by their names.
ALTER TABLE datasets ADD COLUMN groups jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(groups) = 'object');

-- Events of a group of types by cell, like daily_counts; the types that were counted stand beside them, because a group may
-- come to mean others.
CREATE TABLE kind_counts (
    dataset         text NOT NULL,
    resolution      smallint NOT NULL,
    kind            text NOT NULL,
    day             date NOT NULL,
    version         bigint NOT NULL,
    types           text[] NOT NULL,
    cells           bigint[] NOT NULL,
    counts          integer[] NOT NULL,
    PRIMARY KEY (dataset, resolution, kind, day)
);
ALTER TABLE kind_counts ALTER cells SET STORAGE EXTERNAL, ALTER counts SET STORAGE EXTERNAL;

-- An outlook: the cells of a study area as of a day, in ascending order, and every other array in the same order. Arrays of
-- figures of periods have those of 7, 28, 90 and 365 days one after the other.
CREATE TABLE outlooks (
    slice           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    dataset         text NOT NULL REFERENCES datasets (slug) ON UPDATE CASCADE ON DELETE CASCADE,
    resolution      smallint NOT NULL,
    as_of           date NOT NULL,
    kind            text NOT NULL,
    first_day       date NOT NULL,
    steps           smallint NOT NULL,
    alpha           float8 NOT NULL,
    corrected       boolean NOT NULL,
    -- The largest p that counts as a spot; NULL where there is none.
    threshold       float8,
    horizon         smallint NOT NULL,
    model           jsonb NOT NULL,
    made_at         timestamptz NOT NULL DEFAULT now(),
    cells           bigint[] NOT NULL,
    events          integer[] NOT NULL,
    events_before   integer[] NOT NULL,
    change_ps       float8[] NOT NULL,
    -- 0 rising, 1 falling, 2 steady, 3 few.
    trends          smallint[] NOT NULL,
    -- -1 where no day has a score. Both are NULL for a group of types.
    max_scores      float8[],
    days_flagged    integer[],
    -- Places in the list of cell_outlook, from 0.
    classes         smallint[] NOT NULL,
    gi_zs           float8[] NOT NULL,
    gi_trend_ps     float8[] NOT NULL,
    expected        float8[] NOT NULL,
    chances         float8[] NOT NULL,
    lower_50s       integer[] NOT NULL,
    upper_50s       integer[] NOT NULL,
    lower_90s       integer[] NOT NULL,
    upper_90s       integer[] NOT NULL,
    UNIQUE (dataset, resolution, as_of, kind)
);
ALTER TABLE outlooks
    ALTER cells SET STORAGE EXTERNAL, ALTER gi_zs SET STORAGE EXTERNAL, ALTER gi_trend_ps SET STORAGE EXTERNAL,
    ALTER expected SET STORAGE EXTERNAL, ALTER chances SET STORAGE EXTERNAL;

-- What a refresh makes a materialized view of: the arrays as rows, with an array of four for figures of periods.
CREATE VIEW cell_outlook AS
SELECT
    o.slice, o.dataset, o.resolution, o.as_of, o.kind, o.horizon, u.h3_index,
    (ARRAY[
        'none', 'new_hot', 'consecutive_hot', 'intensifying_hot', 'persistent_hot', 'diminishing_hot', 'sporadic_hot',
        'oscillating_hot', 'historical_hot', 'new_cold', 'consecutive_cold', 'intensifying_cold', 'persistent_cold',
        'diminishing_cold', 'sporadic_cold', 'oscillating_cold', 'historical_cold'])[u.class + 1] AS class,
    -- How soon somebody should look; the least is the most urgent.
    (ARRAY[17, 1, 3, 2, 4, 7, 5, 6, 8, 9, 11, 10, 12, 15, 13, 14, 16])[u.class + 1]::smallint AS urgency,
    u.gi_z, u.gi_trend_p, u.expected, u.chance, u.lower_50, u.upper_50, u.lower_90, u.upper_90,
    ARRAY[u.e1, u.e2, u.e3, u.e4] AS events,
    ARRAY[u.b1, u.b2, u.b3, u.b4] AS events_before,
    ARRAY[u.p1, u.p2, u.p3, u.p4] AS change_ps,
    ARRAY[
        (ARRAY['rising', 'falling', 'steady', 'few'])[u.t1 + 1], (ARRAY['rising', 'falling', 'steady', 'few'])[u.t2 + 1],
        (ARRAY['rising', 'falling', 'steady', 'few'])[u.t3 + 1], (ARRAY['rising', 'falling', 'steady', 'few'])[u.t4 + 1]
    ] AS trends,
    ARRAY[nullif(u.s1, -1), nullif(u.s2, -1), nullif(u.s3, -1), nullif(u.s4, -1)] AS max_scores,
    ARRAY[u.f1, u.f2, u.f3, u.f4] AS days_flagged,
    c.geom, c.geom_3857
FROM outlooks o
CROSS JOIN LATERAL (SELECT cardinality(o.cells) AS n) size
CROSS JOIN LATERAL unnest(
    o.cells, o.classes, o.gi_zs, o.gi_trend_ps, o.expected, o.chances, o.lower_50s, o.upper_50s, o.lower_90s, o.upper_90s,
    o.events[1:n], o.events[n + 1:2 * n], o.events[2 * n + 1:3 * n], o.events[3 * n + 1:4 * n],
    o.events_before[1:n], o.events_before[n + 1:2 * n], o.events_before[2 * n + 1:3 * n], o.events_before[3 * n + 1:4 * n],
    o.change_ps[1:n], o.change_ps[n + 1:2 * n], o.change_ps[2 * n + 1:3 * n], o.change_ps[3 * n + 1:4 * n],
    o.trends[1:n], o.trends[n + 1:2 * n], o.trends[2 * n + 1:3 * n], o.trends[3 * n + 1:4 * n],
    o.max_scores[1:n], o.max_scores[n + 1:2 * n], o.max_scores[2 * n + 1:3 * n], o.max_scores[3 * n + 1:4 * n],
    o.days_flagged[1:n], o.days_flagged[n + 1:2 * n], o.days_flagged[2 * n + 1:3 * n], o.days_flagged[3 * n + 1:4 * n]
) AS u(
    h3_index, class, gi_z, gi_trend_p, expected, chance, lower_50, upper_50, lower_90, upper_90,
    e1, e2, e3, e4, b1, b2, b3, b4, p1, p2, p3, p4, t1, t2, t3, t4, s1, s2, s3, s4, f1, f2, f3, f4)
LEFT JOIN h3_cells c ON c.h3_index = u.h3_index;

CREATE MATERIALIZED VIEW mv_cell_outlook AS SELECT * FROM cell_outlook ORDER BY slice, h3_index;
CREATE UNIQUE INDEX idx_mv_cell_outlook_key ON mv_cell_outlook (slice, h3_index);
CREATE INDEX idx_mv_cell_outlook_expected ON mv_cell_outlook (slice, (-expected), h3_index);
CREATE INDEX idx_mv_cell_outlook_geom_gist ON mv_cell_outlook USING gist (slice, geom_3857);
CREATE INDEX idx_mv_cell_outlook_cell ON mv_cell_outlook (dataset, resolution, h3_index);

-- The outlooks in the served view. A tile or list finds its slice here, so what is not served has none.
CREATE TABLE served_outlooks (
    dataset         text NOT NULL REFERENCES datasets (slug) ON UPDATE CASCADE ON DELETE CASCADE,
    resolution      smallint NOT NULL,
    as_of           date NOT NULL,
    kind            text NOT NULL,
    slice           bigint NOT NULL,
    PRIMARY KEY (dataset, resolution, as_of, kind)
);

-- The days up to which there is a served outlook of a dataset, the newest first, with commas; NULL without any.
CREATE FUNCTION served_outlook_days(asked text) RETURNS text
    LANGUAGE sql STABLE AS $$
    SELECT string_agg(to_char(as_of, 'YYYY-MM-DD'), ',' ORDER BY as_of DESC)
    FROM (SELECT DISTINCT as_of FROM served_outlooks WHERE dataset = asked) days
$$;

-- How forecasts did on days that have passed.
CREATE TABLE outlook_evaluations (
    id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    dataset         text NOT NULL REFERENCES datasets (slug) ON UPDATE CASCADE ON DELETE CASCADE,
    resolution      smallint NOT NULL,
    kind            text NOT NULL,
    horizon         smallint NOT NULL,
    from_day        date NOT NULL,
    to_day          date NOT NULL,
    cells           integer NOT NULL,
    origins         integer NOT NULL,
    outside         bigint NOT NULL,
    is_behind       boolean NOT NULL,
    best_rival      text,
    methods         jsonb NOT NULL,
    comparisons     jsonb NOT NULL,
    made_at         timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX idx_outlook_evaluations_dataset ON outlook_evaluations (dataset, id);
CREATE INDEX idx_outlook_evaluations_latest ON outlook_evaluations (dataset, resolution, kind, horizon, id);

GRANT SELECT ON outlooks, cell_outlook, mv_cell_outlook, served_outlooks, outlook_evaluations, kind_counts
    TO hextant_reader;

-- Cells of outlooks have the names of places as other cells do.
CREATE OR REPLACE FUNCTION name_cells_of_layer() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM name_cells('mv_daily_risk', NEW.id, NULL);
    PERFORM name_cells('mv_cell_outlook', NEW.id, NULL);
    RETURN NULL;
END
$$;
CREATE OR REPLACE FUNCTION name_cells_of_dataset() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM name_cells('mv_daily_risk', NULL, NEW.slug);
    PERFORM name_cells('mv_cell_outlook', NULL, NEW.slug);
    RETURN NULL;
END
$$;
