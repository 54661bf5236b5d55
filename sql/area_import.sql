-- Makes a layer of the records in the temporary table area_records, in the transaction that replaces the layer of that
-- slug. A line that begins with "-- step:" starts a step that is run separately, so that progress can be reported.
-- $1 is the id of the new layer in every step.

-- step: making geometries valid
-- `drawn` is what shapes are made of: the same with corners that areas share made equal.
CREATE TEMP TABLE area_valid ON COMMIT DROP AS
SELECT
    row_number() OVER (ORDER BY id COLLATE "C")::integer AS number, record, id, name, population, parent, fault,
    CASE WHEN fault IS NULL THEN ST_Multi(geom)
        ELSE ST_Multi(ST_CollectionExtract(ST_MakeValid(geom, 'method=structure'), 3)) END AS geom,
    CASE WHEN snapped IS NULL THEN NULL
        ELSE ST_Multi(ST_CollectionExtract(ST_MakeValid(snapped, 'method=structure'), 3)) END AS drawn
FROM (
    SELECT *, CASE WHEN (validity).valid THEN NULL ELSE validity END AS fault
    FROM (SELECT *, ST_IsValidDetail(geom) AS validity FROM area_records) checked
) judged;
ANALYZE area_valid (number, id);

-- step: storing areas
-- Over the antimeridian, centre and label are found where the two halves are beside each other.
INSERT INTO areas (layer_id, number, id, name, population, parent, km2, centroid, label, geom)
SELECT
    $1, v.number, v.id, v.name, v.population, v.parent, ST_Area(v.geom::geography) / 1e6,
    ST_WrapX(ST_Centroid(p.whole), 180, -360), ST_WrapX(ST_PointOnSurface(p.whole), 180, -360), v.geom
FROM area_valid v
CROSS JOIN LATERAL (
    SELECT CASE WHEN ST_XMin(v.geom) = -180 AND ST_XMax(v.geom) = 180
        THEN ST_UnaryUnion(ST_ShiftLongitude(v.geom)) ELSE v.geom END AS whole
) p
WHERE NOT ST_IsEmpty(v.geom)
ORDER BY v.number;

-- step: looking for gaps and overlaps
-- `drawn` is the geometry of which shapes are made. Areas that overlap, or whose borders have other corners than those
-- of their neighbours, are `open`.
CREATE TEMP TABLE area_drawn ON COMMIT DROP AS
SELECT number, geom, ST_CoverageInvalidEdges(geom) OVER () IS NOT NULL AS is_open
FROM (SELECT number, CASE WHEN ST_IsEmpty(drawn) THEN geom ELSE coalesce(drawn, geom) END AS geom
    FROM area_valid WHERE NOT ST_IsEmpty(geom)) plain;
CREATE INDEX ON area_drawn USING gist (geom);
ANALYZE area_drawn (number, is_open);
-- The edges of an area that its neighbours share are in order by themselves, even inside a third area that lies over
-- both: whatever shares ground with an open area is open, too.
WITH RECURSIVE open AS (
    SELECT number FROM area_drawn WHERE is_open
    UNION
    SELECT d.number
    FROM open o
    JOIN area_drawn over ON over.number = o.number
    JOIN area_drawn d ON d.geom && over.geom AND NOT d.is_open AND ST_Relate(d.geom, over.geom, 'T********')
)
UPDATE area_drawn d SET is_open = true FROM open o WHERE d.number = o.number AND NOT d.is_open;

-- step: closing open borders
-- The borders of open areas divide the plane into faces. A face belongs to the first area that it is in, as its points
-- do. One in none is a gap: if it is on average narrower than 2e-5 degrees, the area that it has most border with gets
-- it.
CREATE TEMP TABLE area_faces ON COMMIT DROP AS
SELECT f.geom, f.inside, o.numbers, o.numbers[1] AS number, f.is_thin
FROM (
    SELECT d.geom, ST_PointOnSurface(d.geom) AS inside, 2 * ST_Area(d.geom) < 2e-5 * ST_Perimeter(d.geom) AS is_thin
    FROM ST_Dump((
        SELECT ST_Polygonize(ST_UnaryUnion(b.borders))
        FROM (SELECT ST_Collect(ST_Boundary(geom)) AS borders FROM area_drawn WHERE is_open) b)) d
) f
CROSS JOIN LATERAL (
    SELECT array_agg(d.number ORDER BY d.number) AS numbers
    FROM area_drawn d
    WHERE d.geom && f.inside AND ST_Intersects(d.geom, f.inside)
) o
-- A face inside an area that is not open is that area's.
WHERE o.numbers IS NULL OR EXISTS (SELECT FROM area_drawn d WHERE d.number = o.numbers[1] AND d.is_open);
CREATE INDEX ON area_faces USING gist (geom);
ANALYZE area_faces (number);
UPDATE area_faces f SET number = (
    SELECT o.number FROM area_faces o
    WHERE o.number IS NOT NULL AND o.geom && f.geom AND ST_Touches(o.geom, f.geom)
    ORDER BY ST_Length(ST_Intersection(ST_Boundary(o.geom), ST_Boundary(f.geom))) DESC, o.number
    LIMIT 1)
WHERE f.number IS NULL AND f.is_thin;
UPDATE area_drawn d SET geom = f.geom
FROM (
    SELECT number, ST_SetSRID(ST_Multi(ST_CollectionExtract(ST_CoverageUnion(geom), 3)), 4326) AS geom
    FROM area_faces WHERE number IS NOT NULL GROUP BY number
) f
WHERE d.number = f.number;
DELETE FROM area_drawn d WHERE is_open AND NOT EXISTS (SELECT FROM area_faces f WHERE f.number = d.number);

-- step: measuring gaps and overlaps
-- Gaps are the thin ones that were closed, and the holes of all areas together. What is less than a square decimetre is
-- only the rounding of coordinates.
UPDATE area_layers l SET faults = found.faults
FROM (
    SELECT jsonb_build_object(
        'repaired', count(*) FILTER (WHERE kind = 'repaired'),
        'overlaps', count(*) FILTER (WHERE kind = 'overlap'),
        'overlap_m2', coalesce(sum(m2) FILTER (WHERE kind = 'overlap'), 0),
        'gaps', count(*) FILTER (WHERE kind = 'gap'),
        'gap_m2', coalesce(sum(m2) FILTER (WHERE kind = 'gap'), 0),
        'places', coalesce(jsonb_agg(
            jsonb_build_object(
                'kind', kind, 'longitude', ST_X(place), 'latitude', ST_Y(place), 'm2', m2, 'areas', ids,
                'reason', reason)
            ORDER BY m2 DESC NULLS FIRST, ids) FILTER (WHERE place_number <= 100), '[]')) AS faults
    FROM (
        SELECT *, row_number() OVER (ORDER BY m2 DESC NULLS FIRST, ids) AS place_number
        FROM (
            SELECT 'repaired' AS kind, (fault).location AS place, NULL::float8 AS m2, ARRAY[id] AS ids,
                (fault).reason AS reason
            FROM area_valid WHERE fault IS NOT NULL
            UNION ALL
            SELECT CASE WHEN f.numbers IS NULL THEN 'gap' ELSE 'overlap' END, f.inside, ST_Area(f.geom::geography),
                coalesce((SELECT array_agg(v.id ORDER BY v.number) FROM area_valid v WHERE v.number = ANY (f.numbers)),
                    ARRAY[(SELECT v.id FROM area_valid v WHERE v.number = f.number)]),
                NULL
            FROM area_faces f WHERE cardinality(f.numbers) > 1 OR f.numbers IS NULL AND f.number IS NOT NULL
            UNION ALL
            SELECT 'gap', ST_PointOnSurface(h.geom), ST_Area(h.geom::geography), '{}', NULL
            FROM ST_Dump((SELECT ST_CoverageUnion(geom) FROM area_drawn)) part
            CROSS JOIN LATERAL ST_DumpRings(part.geom) h
            WHERE h.path[1] > 0
        ) every_fault
        WHERE m2 IS NULL OR m2 >= 0.01
    ) ranked
) found
WHERE l.id = $1;

-- step: drawing shapes
-- Web Mercator ends at 85.06 degrees. Rings run clockwise, as tiles need them.
CREATE TEMP TABLE area_mercator ON COMMIT DROP AS
SELECT number, ST_Transform(
    CASE WHEN ST_YMin(geom) < -85.05 OR ST_YMax(geom) > 85.05
        THEN ST_Multi(ST_CollectionExtract(
            ST_Intersection(geom, ST_MakeEnvelope(-180, -85.05, 180, 85.05, 4326)), 3))
        ELSE geom END, 3857) AS geom
FROM area_drawn;
DELETE FROM area_mercator WHERE ST_IsEmpty(geom);

-- step: simplifying
-- A band of zooms holds two of them. Corners go that make less than half a pixel of the deeper one.
INSERT INTO area_shapes (layer_id, band, number, geom_3857)
SELECT $1, band, number, ST_ForcePolygonCW(ST_Multi(geom))
FROM (
    SELECT band, number,
        ST_CoverageSimplify(geom, 156543.03392804097 / 2 / 2 ^ (4 + 2 * band)) OVER (PARTITION BY band) AS geom
    FROM area_mercator CROSS JOIN generate_series(0, 5) AS band
) simplified
WHERE NOT ST_IsEmpty(geom);

-- step: keeping all corners for deeper zooms
INSERT INTO area_shapes (layer_id, band, number, geom_3857)
SELECT $1, 6, number, ST_ForcePolygonCW(geom) FROM area_mercator;
ANALYZE areas (layer_id, number, id, name);
ANALYZE area_shapes (layer_id, band, number, geom_3857);

-- step: summing up
UPDATE area_layers l SET areas = s.areas, population = s.population,
    west = s.west, south = s.south, east = s.east, north = s.north
FROM (
    SELECT count(*)::integer AS areas, sum(population) AS population,
        CASE WHEN crosses THEN ST_XMin(shifted) - CASE WHEN ST_XMin(shifted) > 180 THEN 360 ELSE 0 END
            ELSE min(ST_XMin(geom)) END AS west,
        min(ST_YMin(geom)) AS south,
        CASE WHEN crosses THEN ST_XMax(shifted) - CASE WHEN ST_XMax(shifted) > 180 THEN 360 ELSE 0 END
            ELSE max(ST_XMax(geom)) END AS east,
        max(ST_YMax(geom)) AS north
    FROM areas
    CROSS JOIN (
        -- Across the antimeridian if that makes the box narrower.
        SELECT b.shifted, ST_XMax(b.shifted) - ST_XMin(b.shifted) < ST_XMax(b.plain) - ST_XMin(b.plain) AS crosses
        FROM (
            SELECT ST_Extent(geom)::geometry AS plain, ST_Extent(ST_ShiftLongitude(geom))::geometry AS shifted
            FROM areas WHERE layer_id = $1
        ) b
    ) sides
    WHERE layer_id = $1
    GROUP BY crosses, shifted
) s
WHERE l.id = $1;
