-- All that is stored of a dataset, in one transaction; $1 is its slug in every step. The events go between, month by
-- month.
-- step: description
-- First, so that nobody begins anything with it, and the triggers that mark days find no dataset to mark. Batches, dead
-- letters, jobs, runs, grants and what the view holds of it go with it.
DELETE FROM datasets WHERE slug = $1;
-- step: identities
DELETE FROM event_identities WHERE dataset = $1;
-- step: days
DELETE FROM event_days WHERE dataset = $1;
-- step: counts
DELETE FROM daily_counts WHERE dataset = $1;
-- step: aggregates
DELETE FROM daily_aggregates WHERE dataset = $1;
-- step: scores
DELETE FROM daily_scores WHERE dataset = $1;
-- step: keys
-- A dataset that gets this slug later is another one.
UPDATE api_keys SET datasets = array_remove(datasets, $1) WHERE $1 = ANY (datasets);
