-- Names for cells: the areas of a layer that each served cell of a dataset lies in.
--
-- A layer that is imported again has another id, and its cells are named anew. Rows are added when a view is built, when a
-- layer is made and when a dataset names another one, so lists only look them up.

-- The slug of the layer whose names the dataset's cells have. It may be made later.
ALTER TABLE datasets ADD COLUMN areas text CHECK (areas ~ '^[a-z0-9][a-z0-9_-]{0,62}$');

CREATE TABLE cell_areas (
    layer_id        integer NOT NULL REFERENCES area_layers (id) ON DELETE CASCADE,
    h3_index        bigint NOT NULL,
    -- The area with the largest part of the cell's surface, and that part, 0 to 1; NULL where the cell is in none.
    number          integer,
    share           real,
    -- What people call the place: the name of that area, with others where it has less than half of the cell.
    label           text,
    PRIMARY KEY (layer_id, h3_index)
);

-- Names the cells of a view that have no name yet, and says how many.
-- $1 the view with dataset and h3_index, $2 the only layer, $3 the only dataset; NULL for all.
CREATE FUNCTION name_cells(cells regclass, only_layer integer, only_dataset text) RETURNS bigint
    LANGUAGE plpgsql AS $$
DECLARE
    named bigint;
BEGIN
    EXECUTE format($statement$
        -- From each cell to the next one by the index, since a cell has a row for every day.
        WITH RECURSIVE served AS (
            SELECT l.id AS layer_id, l.approximate, d.slug, r.resolution, (
                SELECT min(m.h3_index) FROM %1$s m WHERE (m.dataset, m.resolution) = (d.slug, r.resolution)) AS h3_index
            FROM area_layers l
            JOIN datasets d ON d.areas = l.slug
            CROSS JOIN unnest(d.resolutions) AS r (resolution)
            WHERE ($1 IS NULL OR l.id = $1) AND ($2 IS NULL OR d.slug = $2)
            UNION ALL
            SELECT layer_id, approximate, slug, resolution, (
                SELECT min(m.h3_index) FROM %1$s m
                WHERE (m.dataset, m.resolution) = (s.slug, s.resolution) AND m.h3_index > s.h3_index)
            FROM served s
            WHERE s.h3_index IS NOT NULL
        )
        INSERT INTO cell_areas (layer_id, h3_index, number, share, label)
        SELECT w.layer_id, w.h3_index, p.numbers[1], p.shares[1],
            CASE
                WHEN p.shares[1] >= 0.5 OR cardinality(p.names) = 1 THEN p.names[1]
                WHEN cardinality(p.names) = 2 THEN p.names[1] || ' and ' || p.names[2]
                WHEN cardinality(p.names) = 3 THEN p.names[1] || ', ' || p.names[2] || ' and 1 other'
                ELSE p.names[1] || ', ' || p.names[2] || ' and ' || cardinality(p.names) - 2 || ' others'
            END || CASE WHEN w.approximate THEN ' (approximate)' ELSE '' END
        FROM (
            SELECT DISTINCT layer_id, approximate, h3_index
            FROM served s
            WHERE h3_index IS NOT NULL
                AND NOT EXISTS (
                    SELECT FROM cell_areas k WHERE (k.layer_id, k.h3_index) = (s.layer_id, s.h3_index))
        ) w
        JOIN h3_cells c ON c.h3_index = w.h3_index
        LEFT JOIN LATERAL (
            SELECT array_agg(s.name ORDER BY s.share DESC, s.number) AS names,
                array_agg(s.number ORDER BY s.share DESC, s.number) AS numbers,
                array_agg(s.share ORDER BY s.share DESC, s.number) AS shares
            FROM (
                SELECT a.number, a.name,
                    -- Cut to the cell's box first, since an area may have many more corners than the part of it.
                    CASE WHEN ST_Covers(a.geom, c.geom) THEN 1
                        ELSE ST_Area(ST_Intersection(c.geom, ST_CollectionExtract(
                            ST_MakeValid(ST_ClipByBox2D(a.geom, Box2D(c.geom))), 3))) / ST_Area(c.geom)
                    END::real AS share
                FROM areas a
                WHERE a.layer_id = w.layer_id AND ST_Intersects(a.geom, c.geom)
            ) s
            -- A border that only touches a cell names nothing.
            WHERE s.share >= 0.001
        ) p ON true
        ON CONFLICT DO NOTHING
        $statement$, cells)
    USING only_layer, only_dataset;
    GET DIAGNOSTICS named = ROW_COUNT;
    RETURN named;
END
$$;

CREATE FUNCTION name_cells_of_layer() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM name_cells('mv_daily_risk', NEW.id, NULL);
    RETURN NULL;
END
$$;
-- An import gives the slug at its end, when the areas are there.
CREATE TRIGGER name_cells AFTER UPDATE OF slug ON area_layers
    FOR EACH ROW WHEN (NEW.slug IS NOT NULL AND NEW.slug IS DISTINCT FROM OLD.slug)
    EXECUTE FUNCTION name_cells_of_layer();

CREATE FUNCTION name_cells_of_dataset() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM name_cells('mv_daily_risk', NULL, NEW.slug);
    RETURN NULL;
END
$$;
CREATE TRIGGER name_cells AFTER UPDATE OF areas ON datasets
    FOR EACH ROW WHEN (NEW.areas IS NOT NULL AND NEW.areas IS DISTINCT FROM OLD.areas)
    EXECUTE FUNCTION name_cells_of_dataset();

GRANT SELECT ON cell_areas TO hextant_reader;
