DROP TABLE expenditures_next, expenditures;
-- A dataset that held expenditures would be one of events without any.
DELETE FROM datasets WHERE holds = 'expenditures';
ALTER TABLE datasets DROP COLUMN expenditures_version, DROP COLUMN holds;
