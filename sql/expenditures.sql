-- A page of the expenditures of a dataset, in the order of their ids.
-- $1 dataset, $2 only ids above this, $3 fiscal year, $4 key of the vendor, $5 department, $6 account,
-- $7 organisation, $8 $9 first and last day of entry, $10 $11 least and largest amount, all or NULL; $12 limit
SELECT
    id, dataset, source_id, fiscal_year, entered, vendor, vendor_key, department, account, account_description,
    organisation, amount, version, batch_id
FROM expenditures
WHERE dataset = $1 AND id > $2::bigint
    AND ($3::integer IS NULL OR fiscal_year = $3)
    AND ($4::text IS NULL OR vendor_key = $4)
    AND ($5::text IS NULL OR department = $5)
    AND ($6::text IS NULL OR account = $6)
    AND ($7::text IS NULL OR organisation = $7)
    AND ($8::date IS NULL OR entered >= $8)
    AND ($9::date IS NULL OR entered <= $9)
    AND ($10::numeric IS NULL OR amount >= $10)
    AND ($11::numeric IS NULL OR amount <= $11)
ORDER BY id
LIMIT $12;
