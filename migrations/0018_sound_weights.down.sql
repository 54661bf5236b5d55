ALTER TABLE datasets DROP CONSTRAINT datasets_weights;
