ALTER TABLE datasets DROP COLUMN retention_days;
