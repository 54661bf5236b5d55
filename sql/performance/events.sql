-- The plan of a page of events that begins on a day: see README.md. Variables: dataset, day.
\set ON_ERROR_STOP on
SET plan_cache_mode = force_generic_plan;
SET jit = off;
\set statement `cat sql/events.sql`
PREPARE events(
    text, timestamptz, timestamptz, text[], float8, float8, float8, float8, timestamptz, bigint, integer) AS
:statement
EXPLAIN (ANALYZE, BUFFERS, SETTINGS)
EXECUTE events(:'dataset', :'day', 'infinity', '{}', NULL, NULL, NULL, NULL, :'day', 0, 100);
DEALLOCATE events;
