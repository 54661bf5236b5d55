-- Adds an expenditure, if its sender still has the right to, and the dataset holds expenditures.
-- $1 session and $2 hash of the key of the sender or NULL, $3 dataset, $4 id of the source or NULL, $5 fiscal year,
-- $6 entered, $7 vendor, $8 its key, $9 department, $10 account, $11 account description, $12 organisation, $13 amount;
-- returns no id where a row with the id of the source is there already
WITH target AS MATERIALIZED (
    -- Locked before all else: a dataset that is being deleted is gone then, and does not keep a row; and of two writers
    -- none waits for a lock that the other one needs.
    SELECT slug FROM datasets WHERE slug = $3 AND holds = 'expenditures' FOR NO KEY UPDATE
), held AS MATERIALIZED (
    -- A command has no session and no key, and needs no right.
    SELECT $1::bigint IS NULL AND $2::bytea IS NULL OR hold_right($1, $2, $3) AS is_held
    FROM (SELECT count(*) FROM target) AS locked
), added AS (
    INSERT INTO expenditures (
        dataset, source_id, fiscal_year, entered, vendor, vendor_key, department, account, account_description,
        organisation, amount)
    SELECT slug, coalesce($4, 'hand-' || gen_random_uuid()), $5, $6, $7, $8, $9, $10, $11, $12, $13
    FROM target, held
    WHERE is_held
    ON CONFLICT (dataset, source_id) DO NOTHING
    RETURNING
        id, dataset, source_id, fiscal_year, entered, vendor, vendor_key, department, account, account_description,
        organisation, amount, version, batch_id
), raised AS (
    UPDATE datasets SET expenditures_version = expenditures_version + 1
    WHERE slug = $3 AND EXISTS (SELECT FROM added)
)
SELECT
    is_held,
    id, dataset, source_id, fiscal_year, entered, vendor, vendor_key, department, account, account_description,
    organisation, amount, version, batch_id
FROM held
LEFT JOIN added ON true;
