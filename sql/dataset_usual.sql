-- The dataset with the most events that are served, with the columns of datasets.sql; where none is served, the first
-- by slug that holds events.
-- $1 all, open (those that are public) or none, $2 slugs of others
WITH seen AS (
    -- The index gives them by their events, so that only those are read that are hidden and larger than the result.
    (SELECT s.dataset AS slug, s.events FROM served_datasets s
        WHERE $1::text = 'all' ORDER BY s.events DESC, s.dataset LIMIT 1)
    UNION ALL
    (SELECT s.dataset, s.events FROM served_datasets s JOIN datasets d ON d.slug = s.dataset
        WHERE $1::text = 'open' AND d.visibility = 'public' ORDER BY s.events DESC, s.dataset LIMIT 1)
    UNION ALL
    (SELECT s.dataset, s.events FROM served_datasets s
        WHERE s.dataset = ANY ($2::text[]) ORDER BY s.events DESC, s.dataset LIMIT 1)
    UNION ALL
    (SELECT slug, -1 FROM datasets WHERE $1::text = 'all' AND holds = 'events' ORDER BY slug LIMIT 1)
    UNION ALL
    (SELECT slug, -1 FROM datasets WHERE $1::text = 'open' AND visibility = 'public' AND holds = 'events'
        ORDER BY slug LIMIT 1)
    UNION ALL
    (SELECT slug, -1 FROM datasets WHERE slug = ANY ($2::text[]) AND holds = 'events' ORDER BY slug LIMIT 1)
), chosen AS (
    SELECT slug FROM seen ORDER BY events DESC, slug LIMIT 1
)
SELECT
    d.slug, d.title, d.licence, d.licence_url, d.attribution, d.time_zone, d.visibility::text,
    array_to_string(d.resolutions, ',') AS resolutions, d.groups::text, d.weight_count, d.weight_growth,
    d.weight_average, d.level_medium, d.level_high, d.level_critical, d.flag_z, d.retention_days, d.queryables::text,
    d.event_weights::text AS event_weights, d.areas, d.minimum_count, d.expect::text AS expect, d.holds,
    s.first_day, s.last_day, s.west, s.south, s.east, s.north,
    x.first_day AS disclosed_first_day, x.last_day AS disclosed_last_day, x.west AS disclosed_west,
    x.south AS disclosed_south, x.east AS disclosed_east, x.north AS disclosed_north,
    served_outlook_days(d.slug) AS outlook_days,
    (SELECT generation FROM served_view),
    (
        SELECT greatest(
            v.whole_generation,
            (SELECT c.generation FROM served_changes c WHERE c.dataset = d.slug AND c.day IS NULL))
        FROM served_view v) AS refreshed,
    (
        SELECT greatest(
            v.whole_generation, (SELECT max(c.generation) FROM served_changes c WHERE c.dataset = d.slug))
        FROM served_view v) AS changed
FROM chosen
JOIN datasets d USING (slug)
LEFT JOIN LATERAL served_extent(d.slug) s ON true
LEFT JOIN disclosed_datasets x ON x.dataset = d.slug AND x.minimum_count = d.minimum_count;
