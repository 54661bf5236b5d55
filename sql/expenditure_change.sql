-- Replaces what an expenditure says, if its sender still has the right to and it still has the version that was read.
-- $1 session and $2 hash of the key of the sender or NULL, $3 dataset, $4 id, $5 version or NULL for any,
-- $6 fiscal year, $7 entered, $8 vendor, $9 its key, $10 department, $11 account, $12 account description,
-- $13 organisation, $14 amount; returns no id where the row is gone or has another version
WITH target AS MATERIALIZED (
    -- Locked before all else: a dataset that is being deleted is gone then, and does not keep a row; and of two writers
    -- none waits for a lock that the other one needs.
    SELECT slug FROM datasets WHERE slug = $3 AND holds = 'expenditures' FOR NO KEY UPDATE
), held AS MATERIALIZED (
    -- A command has no session and no key, and needs no right.
    SELECT $1::bigint IS NULL AND $2::bytea IS NULL OR hold_right($1, $2, $3) AS is_held
    FROM (SELECT count(*) FROM target) AS locked
), changed AS (
    UPDATE expenditures
    SET fiscal_year = $6, entered = $7, vendor = $8, vendor_key = $9, department = $10, account = $11,
        account_description = $12, organisation = $13, amount = $14, version = version + 1
    FROM target, held
    WHERE dataset = target.slug AND id = $4 AND ($5::bigint IS NULL OR version = $5) AND is_held
    RETURNING
        id, dataset, source_id, fiscal_year, entered, vendor, vendor_key, department, account, account_description,
        organisation, amount, version, batch_id
), raised AS (
    UPDATE datasets SET expenditures_version = expenditures_version + 1
    WHERE slug = $3 AND EXISTS (SELECT FROM changed)
)
SELECT
    is_held,
    id, dataset, source_id, fiscal_year, entered, vendor, vendor_key, department, account, account_description,
    organisation, amount, version, batch_id
FROM held
LEFT JOIN changed ON true;
