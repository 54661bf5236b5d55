-- The plans of what an incremental run reads first: see README.md. Variables: dataset, resolution, day.
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
-- The points of the day, by the statement that sql/points.sql makes.
SELECT time_zone FROM datasets WHERE slug = :'dataset' \gset
\set statement `cat sql/points.sql`
PREPARE points(text, text, date, date) AS
:statement
EXECUTE points(:'dataset', :'time_zone', :'day', :'day') \gset
DEALLOCATE points;
SELECT 'EXPLAIN (ANALYZE, BUFFERS) ' || substring(:'format' FROM 'SELECT.*(?=\) TO STDOUT)') \gexec
