-- Every dataset, with the columns of dataset.sql, and what the served view holds of it.
SELECT
    d.slug, d.title, d.licence, d.licence_url, d.attribution, d.time_zone, d.visibility::text,
    array_to_string(d.resolutions, ','), d.weight_count, d.weight_growth, d.weight_average,
    d.level_medium, d.level_high, d.level_critical, d.flag_z,
    min(s.first_day), max(s.last_day), min(s.west), min(s.south), max(s.east), max(s.north),
    (SELECT generation FROM served_view)
FROM datasets d
LEFT JOIN served_datasets s ON s.dataset = d.slug
GROUP BY d.slug
ORDER BY d.slug;
