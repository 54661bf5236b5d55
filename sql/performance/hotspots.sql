-- The plan of hotspots over four weeks: see README.md. Variables: dataset, resolution, day.
\set ON_ERROR_STOP on
SET plan_cache_mode = force_generic_plan;
SET jit = off;
PREPARE hotspots(text, smallint, date, date, float8, float8, float8, float8, integer) AS
\ir ../hotspots.sql
EXPLAIN (ANALYZE, BUFFERS, SETTINGS)
EXECUTE hotspots(:'dataset', :resolution, DATE :'day' - 27, :'day', NULL, NULL, NULL, NULL, 100);
DEALLOCATE hotspots;
