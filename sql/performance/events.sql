-- The plan of a page of events: see README.md. Variables: dataset, day.
\set ON_ERROR_STOP on
SET plan_cache_mode = force_generic_plan;
SET jit = off;
\set statement `cat sql/events.sql`
PREPARE events(
    text, timestamptz, timestamptz, text, float8, float8, float8, float8, timestamptz, bigint, integer) AS
:statement
EXPLAIN (ANALYZE, BUFFERS, SETTINGS)
EXECUTE events(:'dataset', :'day', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 100);
DEALLOCATE events;
