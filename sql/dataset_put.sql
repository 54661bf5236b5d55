-- Adds a dataset or updates its description.
-- $1 slug, $2 title, $3 licence, $4 licence_url, $5 attribution, $6 time zone, $7 visibility, $8 resolutions,
-- $9 $10 $11 weights of count, growth and average, $12 to $14 scores above which a level is medium, high and critical,
-- $15 z-score from which a day is flagged, $16 days that are kept or NULL, $17 attributes that filters may name,
-- $18 weights of event types as JSON, $19 the layer that gives its cells names or NULL, $20 groups of event types
-- (JSON), $21 minimum_count or NULL, $22 expectations (JSON), $23 what it holds; nothing is returned where that would
-- change although there are batches or expenditures
INSERT INTO datasets (
    slug, title, licence, licence_url, attribution, time_zone, visibility, resolutions,
    weight_count, weight_growth, weight_average, level_medium, level_high, level_critical, flag_z,
    retention_days, queryables, event_weights, areas, groups, minimum_count, expect, holds)
VALUES ($1, $2, $3, $4, $5, $6, $7::dataset_visibility, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17::jsonb,
    $18::text::jsonb, $19, $20::jsonb, $21, $22::text::jsonb, $23)
ON CONFLICT (slug) DO UPDATE SET
    title = excluded.title, licence = excluded.licence, licence_url = excluded.licence_url,
    attribution = excluded.attribution, time_zone = excluded.time_zone, visibility = excluded.visibility,
    resolutions = excluded.resolutions, weight_count = excluded.weight_count, weight_growth = excluded.weight_growth,
    weight_average = excluded.weight_average, level_medium = excluded.level_medium, level_high = excluded.level_high,
    level_critical = excluded.level_critical, flag_z = excluded.flag_z,
    retention_days = excluded.retention_days, queryables = excluded.queryables,
    event_weights = excluded.event_weights, areas = excluded.areas, groups = excluded.groups,
    minimum_count = excluded.minimum_count, expect = excluded.expect, holds = excluded.holds, updated_at = now()
WHERE datasets.holds = excluded.holds
    OR NOT EXISTS (SELECT FROM ingest_batches b WHERE b.dataset = $1 AND b.accepted > 0)
    AND NOT EXISTS (SELECT FROM expenditures e WHERE e.dataset = $1)
RETURNING (xmax = 0) AS inserted;
