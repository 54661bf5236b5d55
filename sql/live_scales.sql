-- The resolutions at which a build serves a dataset, with the weights that its risks have: those of the newest run.
-- $1 dataset, $2 mark of the build
SELECT DISTINCT ON (resolution) resolution, weight_count, weight_growth, weight_average
FROM served_scales
WHERE dataset = $1 AND mark = $2
ORDER BY resolution, run DESC;
