-- Expectations of every batch of a dataset, with the keys of docs/mappings.md. A mapping and a feed may state others.
ALTER TABLE datasets ADD COLUMN expect jsonb NOT NULL DEFAULT '{}';
