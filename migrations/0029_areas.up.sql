-- Areas: named places with a boundary, in layers; how they are drawn; and the events that each has by day. docs/areas.md has
-- the tables.
CREATE EXTENSION IF NOT EXISTS pg_trgm;

-- Numbers layers and counts whenever they change, so that the greater of two versions is the newer one.
CREATE SEQUENCE area_versions;

-- A layer that is imported again is a new layer with the old slug: who still works on the old one finds its id gone.
CREATE TABLE area_layers (
    id              integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    -- NULL while an import writes the layer, in its transaction.
    slug            text UNIQUE CHECK (slug ~ '^[a-z0-9][a-z0-9_-]{0,62}$'),
    name            text NOT NULL,
    version         bigint NOT NULL DEFAULT nextval('area_versions'),
    -- The slug of the layer that its areas are parts of.
    parent          text,
    -- Whether borders were derived from events, and are no official ones.
    approximate     boolean NOT NULL DEFAULT false,
    -- The file and its reference system, or what the layer was derived from.
    source          text NOT NULL DEFAULT '',
    reference       text NOT NULL DEFAULT '',
    areas           integer NOT NULL DEFAULT 0,
    -- The population of all areas; NULL where none has one.
    population      float8,
    -- The box; west is greater than east where it crosses the antimeridian.
    west            float8,
    south           float8,
    east            float8,
    north           float8,
    -- Repairs, gaps and overlaps: how many, how large, and `places` with the largest of them.
    faults          jsonb NOT NULL DEFAULT '{}',
    imported_at     timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE areas (
    layer_id        integer NOT NULL REFERENCES area_layers (id) ON DELETE CASCADE,
    -- The place of the id among those of the layer in the order of their bytes, from 1: a point in several areas belongs to
    -- the one with the lowest number.
    number          integer NOT NULL,
    id              text NOT NULL,
    name            text NOT NULL,
    population      float8 CHECK (population >= 0 AND population < 'Infinity'),
    -- The id of the area of the parent layer that it is a part of.
    parent          text,
    -- The surface on the spheroid.
    km2             float8 NOT NULL,
    centroid        geometry(Point, 4326) NOT NULL,
    -- A point inside.
    label           geometry(Point, 4326) NOT NULL,
    geom            geometry(MultiPolygon, 4326) NOT NULL,
    PRIMARY KEY (layer_id, number),
    UNIQUE (layer_id, id)
);
CREATE INDEX areas_geom ON areas USING gist (layer_id, geom);
CREATE INDEX areas_name ON areas USING gin (name gin_trgm_ops);

-- The areas as they are drawn: one simplification of the whole layer for each band of zooms, so that neighbours keep one border.
CREATE TABLE area_shapes (
    layer_id        integer NOT NULL REFERENCES area_layers (id) ON DELETE CASCADE,
    band            smallint NOT NULL,
    number          integer NOT NULL,
    geom_3857       geometry(MultiPolygon, 3857) NOT NULL,
    PRIMARY KEY (layer_id, band, number)
);
CREATE INDEX area_shapes_geom ON area_shapes USING gist (layer_id, band, geom_3857);

-- The events of a dataset by area and type on a local day, counted at the day's version in event_days. Entry i of the three
-- arrays is counts[i] events of the type kinds[kind_numbers[i]] in the area areas[i]. A day is read and written as a whole.
CREATE TABLE area_days (
    layer_id        integer NOT NULL,
    dataset         text NOT NULL,
    day             date NOT NULL,
    version         bigint NOT NULL,
    kinds           text[] NOT NULL,
    areas           integer[] NOT NULL,
    kind_numbers    integer[] NOT NULL,
    counts          integer[] NOT NULL,
    -- Events in none of the areas.
    outside         integer NOT NULL,
    PRIMARY KEY (layer_id, dataset, day)
);

-- The same added up by calendar month, in the transaction that writes the days. `month` is its first day.
CREATE TABLE area_months (
    layer_id        integer NOT NULL,
    dataset         text NOT NULL,
    month           date NOT NULL,
    kinds           text[] NOT NULL,
    areas           integer[] NOT NULL,
    kind_numbers    integer[] NOT NULL,
    counts          integer[] NOT NULL,
    outside         integer NOT NULL,
    PRIMARY KEY (layer_id, dataset, month)
);
ALTER TABLE area_days ALTER areas SET STORAGE EXTERNAL, ALTER kind_numbers SET STORAGE EXTERNAL,
    ALTER counts SET STORAGE EXTERNAL;
ALTER TABLE area_months ALTER areas SET STORAGE EXTERNAL, ALTER kind_numbers SET STORAGE EXTERNAL,
    ALTER counts SET STORAGE EXTERNAL;

-- Which datasets were counted in which layers, and how it came out.
CREATE TABLE area_counts (
    dataset         text NOT NULL REFERENCES datasets (slug) ON UPDATE CASCADE ON DELETE CASCADE,
    layer_id        integer NOT NULL REFERENCES area_layers (id) ON DELETE CASCADE,
    version         bigint NOT NULL DEFAULT nextval('area_versions'),
    -- The days with events; NULL without any.
    first_day       date,
    last_day        date,
    events          bigint NOT NULL,
    outside         bigint NOT NULL,
    counted_at      timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (dataset, layer_id)
);
CREATE INDEX area_counts_layer ON area_counts (layer_id);

CREATE VIEW area_day_counts AS
SELECT d.dataset, l.slug AS layer, a.id AS area, d.day, d.kinds[u.kind_number] AS event_type, u.count AS events
FROM area_days d
JOIN area_layers l ON l.id = d.layer_id
CROSS JOIN LATERAL unnest(d.areas, d.kind_numbers, d.counts) AS u (number, kind_number, count)
JOIN areas a ON (a.layer_id, a.number) = (d.layer_id, u.number);

-- Tables that COPY fills have no foreign keys.
CREATE FUNCTION delete_area_days() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM area_days WHERE layer_id IN (SELECT id FROM layers_left);
    DELETE FROM area_months WHERE layer_id IN (SELECT id FROM layers_left);
    RETURN NULL;
END
$$;
CREATE TRIGGER delete_area_days AFTER DELETE ON area_layers
    REFERENCING OLD TABLE AS layers_left FOR EACH STATEMENT EXECUTE FUNCTION delete_area_days();

-- A number that every change of layers or counts renews, which servers follow. Whoever writes layers or counts does it at the
-- end of the transaction, because the row is held until then.
CREATE TABLE area_version (
    only_row        boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    version         bigint NOT NULL
);
INSERT INTO area_version (version) VALUES (0);
CREATE FUNCTION raise_area_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE area_version SET version = nextval('area_versions');
    PERFORM pg_notify('hextant_areas', '');
    RETURN NULL;
END
$$;
-- An import writes its layer step by step, and gives it the slug at the end.
CREATE TRIGGER raise_area_version AFTER UPDATE OF slug, version OR DELETE ON area_layers
    FOR EACH STATEMENT EXECUTE FUNCTION raise_area_version();
CREATE TRIGGER raise_area_version AFTER INSERT OR UPDATE OR DELETE ON area_counts
    FOR EACH STATEMENT EXECUTE FUNCTION raise_area_version();

-- How much an event counts in the safety score, by event type: {"Assault": 2.5}; a type that is not named counts 1.
ALTER TABLE datasets ADD COLUMN event_weights jsonb NOT NULL DEFAULT '{}'
    CHECK (jsonb_typeof(event_weights) = 'object');
CREATE FUNCTION renew_area_counts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE area_counts SET version = nextval('area_versions') WHERE dataset = NEW.slug;
    RETURN NULL;
END
$$;
CREATE TRIGGER renew_area_counts AFTER UPDATE OF event_weights ON datasets
    FOR EACH ROW WHEN (OLD.event_weights <> NEW.event_weights) EXECUTE FUNCTION renew_area_counts();

GRANT SELECT ON area_layers, areas, area_shapes, area_days, area_months, area_counts, area_day_counts, area_version
    TO hextant_reader;
