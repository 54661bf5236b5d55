-- How many days before today are kept of a dataset; NULL keeps all.
ALTER TABLE datasets
    ADD COLUMN retention_days integer CHECK (retention_days BETWEEN 1 AND 36500);
