-- Makes the rows of a full refresh, which wait in `expenditures_next`, those of its feed. Rows that stay the same keep
-- their version, and all that stay keep their id. Rows of others, by upload or by hand, are left alone.
-- $1 dataset, $2 feed; returns the numbers of rows that are new or changed, and that are gone
-- step: rows that are gone
WITH older AS MATERIALIZED (
    SELECT id FROM ingest_batches WHERE dataset = $1 AND feed = $2
), gone AS (
    DELETE FROM expenditures e
    WHERE e.dataset = $1 AND e.batch_id IN (SELECT id FROM older)
        AND NOT EXISTS (SELECT FROM expenditures_next n WHERE n.dataset = $1 AND n.source_id = e.source_id)
    RETURNING 1
)
SELECT count(*) AS n FROM gone;
-- step: rows that are new or changed
WITH changed AS MATERIALIZED (
    SELECT n.*
    FROM expenditures_next n
    LEFT JOIN expenditures e ON e.dataset = $1 AND e.source_id = n.source_id
    WHERE n.dataset = $1 AND $2::text IS NOT NULL
        AND (e.source_id IS NULL
            OR (e.fiscal_year, e.entered, e.vendor, e.vendor_key, e.department, e.account, e.account_description,
                e.organisation, e.amount)
                IS DISTINCT FROM (n.fiscal_year, n.entered, n.vendor, n.vendor_key, n.department, n.account,
                n.account_description, n.organisation, n.amount))
), merged AS (
    INSERT INTO expenditures AS e (
        dataset, source_id, fiscal_year, entered, vendor, vendor_key, department, account, account_description,
        organisation, amount, batch_id)
    SELECT
        dataset, source_id, fiscal_year, entered, vendor, vendor_key, department, account, account_description,
        organisation, amount, batch_id
    FROM changed
    ORDER BY id
    ON CONFLICT (dataset, source_id) DO UPDATE SET
        fiscal_year = excluded.fiscal_year, entered = excluded.entered, vendor = excluded.vendor,
        vendor_key = excluded.vendor_key, department = excluded.department, account = excluded.account,
        account_description = excluded.account_description, organisation = excluded.organisation,
        amount = excluded.amount, version = e.version + 1, batch_id = excluded.batch_id
)
SELECT count(*) AS n FROM changed;
-- step: counts of batches
-- A batch of the refresh counts as accepted what it changed.
WITH counted AS (
    SELECT n.batch_id AS id, count(e.source_id) AS n
    FROM expenditures_next n
    LEFT JOIN expenditures e ON e.dataset = $1 AND e.source_id = n.source_id AND e.batch_id = n.batch_id
    WHERE n.dataset = $1 AND $2::text IS NOT NULL
    GROUP BY n.batch_id
)
UPDATE ingest_batches b
SET duplicate = b.duplicate + b.accepted - c.n, accepted = c.n
FROM counted c
WHERE b.id = c.id AND b.accepted >= c.n;
-- step: dead letters of earlier readings
DELETE FROM dead_letters
WHERE batch IN (
    SELECT id FROM ingest_batches
    WHERE dataset = $1 AND feed = $2
        AND id < (SELECT min(batch_id) FROM expenditures_next WHERE dataset = $1));
-- step: rows that waited
DELETE FROM expenditures_next WHERE dataset = $1 AND $2::text IS NOT NULL;
