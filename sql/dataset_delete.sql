-- Deletes all data of a dataset in one transaction; $1 is its slug in every step. The events are deleted in between,
-- month by month.
-- step: description
-- Comes first, so that no work begins on the dataset, and the triggers that mark days find no dataset. It also deletes
-- batches, dead letters, jobs, runs, grants and the dataset's part of the view.
DELETE FROM datasets WHERE slug = $1;
-- step: identities
DELETE FROM event_identities WHERE dataset = $1;
-- step: days
DELETE FROM event_days WHERE dataset = $1;
-- step: counts
DELETE FROM daily_counts WHERE dataset = $1;
-- step: counts of groups
DELETE FROM kind_counts WHERE dataset = $1;
-- step: aggregates
DELETE FROM daily_aggregates WHERE dataset = $1;
-- step: scores
DELETE FROM daily_scores WHERE dataset = $1;
-- step: expenditures
DELETE FROM expenditures WHERE dataset = $1;
-- step: expenditures of a refresh
DELETE FROM expenditures_next WHERE dataset = $1;
-- step: areas
-- The key begins with the layer.
DELETE FROM area_days WHERE dataset = $1 AND layer_id IN (SELECT id FROM area_layers);
-- step: months of areas
DELETE FROM area_months WHERE dataset = $1 AND layer_id IN (SELECT id FROM area_layers);
-- step: keys
-- A later dataset with this slug is a different one.
UPDATE api_keys SET datasets = array_remove(datasets, $1) WHERE $1 = ANY (datasets);
