-- Merges the rows of table `incoming_expenditures` into the expenditures. The last row of an id counts. A row that is
-- stored with the same content is left alone; one with other content is changed, unless a later batch did: a dead
-- letter that is read again is as old as its batch.
-- $1 dataset, $2 batch; returns the number of rows that are new, or changed since an earlier batch
WITH latest AS (
    SELECT DISTINCT ON (source_id) * FROM incoming_expenditures ORDER BY source_id, row_number DESC
), changed AS MATERIALIZED (
    SELECT l.*, e.batch_id AS old_batch
    FROM latest l
    LEFT JOIN expenditures e ON e.dataset = $1 AND e.source_id = l.source_id
    WHERE e.source_id IS NULL
        OR coalesce(e.batch_id, 0) <= $2
            AND (e.fiscal_year, e.entered, e.vendor, e.vendor_key, e.department, e.account, e.account_description,
                e.organisation, e.amount)
                IS DISTINCT FROM (l.fiscal_year, l.entered, l.vendor, l.vendor_key, l.department, l.account,
                l.account_description, l.organisation, l.amount)
), merged AS (
    INSERT INTO expenditures AS e (
        dataset, source_id, fiscal_year, entered, vendor, vendor_key, department, account, account_description,
        organisation, amount, batch_id)
    SELECT
        $1, source_id, fiscal_year, entered, vendor, vendor_key, department, account, account_description,
        organisation, amount, $2
    FROM changed
    ORDER BY row_number
    ON CONFLICT (dataset, source_id) DO UPDATE SET
        fiscal_year = excluded.fiscal_year, entered = excluded.entered, vendor = excluded.vendor,
        vendor_key = excluded.vendor_key, department = excluded.department, account = excluded.account,
        account_description = excluded.account_description, organisation = excluded.organisation,
        amount = excluded.amount, version = e.version + 1, batch_id = excluded.batch_id
)
SELECT count(*) FROM changed WHERE old_batch IS DISTINCT FROM $2;
