-- The plan of the top cells of four weeks: see README.md. Variables: dataset, resolution, day.
\set ON_ERROR_STOP on
SET plan_cache_mode = force_generic_plan;
SET jit = off;
\set statement `cat sql/hotspots.sql`
PREPARE hotspots(text, smallint, date, date, float8, float8, float8, float8, integer) AS
:statement
EXPLAIN (ANALYZE, BUFFERS, SETTINGS)
EXECUTE hotspots(:'dataset', :resolution, DATE :'day' - 27, :'day', NULL, NULL, NULL, NULL, 100);
DEALLOCATE hotspots;
