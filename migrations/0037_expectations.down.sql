ALTER TABLE datasets DROP COLUMN expect;
