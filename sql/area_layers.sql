-- Layers of areas by their slugs.
-- $1 slug; NULL for all
SELECT
    id, slug, name, version, parent, approximate, source, reference, areas, population, west, south, east, north,
    faults::text AS faults, imported_at
FROM area_layers
WHERE slug IS NOT NULL AND ($1::text IS NULL OR slug = $1)
ORDER BY slug COLLATE "C"
LIMIT 1000;
