-- What is wrong with the shape of an area, NULL when nothing is.
-- $1 area (EWKB)
SELECT nullif(ST_IsValidReason(ST_GeomFromEWKB($1)), 'Valid Geometry');
