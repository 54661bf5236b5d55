-- The description of one dataset.
-- $1 its slug
SELECT
    slug, title, licence, licence_url, attribution, time_zone, visibility::text,
    array_to_string(resolutions, ',') AS resolutions, groups::text, weight_count, weight_growth,
    weight_average, level_medium, level_high, level_critical, flag_z, retention_days, queryables::text,
    event_weights::text AS event_weights, areas, minimum_count,
    expect::text AS expect, holds
FROM datasets
WHERE slug = $1;
