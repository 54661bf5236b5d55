-- The COPY statement that sends the expenditures of a dataset, amounts in hundredths. COPY has no parameters.
-- $1 dataset, $2 fiscal years, $3 departments, $4 keys of vendors, $5 first day, $6 last day; each NULL for all
SELECT format(
    $copy$
    COPY (
        SELECT id, (amount * 100)::bigint, entered, fiscal_year, department, account, account_description, vendor_key,
            vendor
        FROM expenditures
        WHERE dataset = %1$L%2$s%3$s%4$s%5$s%6$s
    ) TO STDOUT (FORMAT binary)
    $copy$,
    $1::text,
    CASE WHEN $2::integer[] IS NULL THEN '' ELSE format(' AND fiscal_year = ANY (%L::integer[])', $2::integer[]) END,
    CASE WHEN $3::text[] IS NULL THEN '' ELSE format(' AND department = ANY (%L::text[])', $3::text[]) END,
    CASE WHEN $4::text[] IS NULL THEN '' ELSE format(' AND vendor_key = ANY (%L::text[])', $4::text[]) END,
    CASE WHEN $5::date IS NULL THEN '' ELSE format(' AND entered >= %L::date', $5::date) END,
    CASE WHEN $6::date IS NULL THEN '' ELSE format(' AND entered <= %L::date', $6::date) END);
