-- Puts the places of a dataset's departments or vendors in place of all earlier ones, and raises the version of the
-- dataset's expenditures. The count of places, and of those without any expenditure.
-- $1 dataset, $2 'department' or 'vendor', $3 keys, $4 names, $5 longitudes, $6 latitudes
WITH raised AS (
    UPDATE datasets SET expenditures_version = expenditures_version + 1
    WHERE slug = $1 AND holds = 'expenditures'
    RETURNING slug
), given AS (
    SELECT *
    FROM unnest($3::text[], $4::text[], $5::double precision[], $6::double precision[])
        AS g (key, name, longitude, latitude)
), removed AS (
    DELETE FROM expenditure_places p
    USING raised
    WHERE p.dataset = raised.slug AND p.kind = $2 AND NOT EXISTS (SELECT FROM given WHERE given.key = p.key)
), put AS (
    INSERT INTO expenditure_places AS p (dataset, kind, key, name, longitude, latitude)
    SELECT raised.slug, $2, given.key, given.name, given.longitude, given.latitude
    FROM given
    CROSS JOIN raised
    ON CONFLICT (dataset, kind, key)
        DO UPDATE SET name = EXCLUDED.name, longitude = EXCLUDED.longitude, latitude = EXCLUDED.latitude
    RETURNING p.key
)
SELECT count(*) AS places, count(*) FILTER (WHERE known.key IS NULL) AS unused
FROM put
LEFT JOIN (
    SELECT DISTINCT CASE $2 WHEN 'vendor' THEN vendor_key ELSE department END AS key
    FROM expenditures
    WHERE dataset = $1
) AS known ON known.key = put.key
HAVING (SELECT count(*) FROM raised) > 0;
