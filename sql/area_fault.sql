-- The fault in the shape of a drawn polygon; NULL if there is none.
-- $1 polygon (EWKB)
SELECT nullif(ST_IsValidReason(ST_GeomFromEWKB($1)), 'Valid Geometry');
