-- The plans of the first reads of an incremental run: see README.md. Variables: dataset, resolution, day.
\set ON_ERROR_STOP on
SET jit = off;
EXPLAIN (ANALYZE, BUFFERS)
SELECT day, version FROM event_days
WHERE dataset = :'dataset' AND day BETWEEN DATE :'day' - 372 AND :'day' ORDER BY day;
EXPLAIN (ANALYZE, BUFFERS)
SELECT day, version FROM daily_counts
WHERE dataset = :'dataset' AND resolution = :resolution AND day BETWEEN DATE :'day' - 372 AND :'day';
EXPLAIN (ANALYZE, BUFFERS)
SELECT day, version, cells, counts FROM daily_counts
WHERE dataset = :'dataset' AND resolution = :resolution AND day BETWEEN DATE :'day' - 372 AND :'day';
-- The points of the day, with the statement that sql/points.sql makes for a day of 24 hours.
SELECT
    (DATE :'day')::timestamp AT TIME ZONE time_zone AS first_moment,
    (DATE :'day' + 1)::timestamp AT TIME ZONE time_zone AS end_moment
FROM datasets WHERE slug = :'dataset' \gset
\set statement `cat sql/points.sql`
PREPARE points(text, timestamptz, timestamptz) AS
:statement
EXECUTE points(:'dataset', :'first_moment', :'end_moment') \gset
DEALLOCATE points;
SELECT 'EXPLAIN (ANALYZE, BUFFERS) ' || substring(:'format' FROM 'SELECT.*(?=\) TO STDOUT)') \gexec
