-- What departments are compared by (docs/models.md), by name; beside each the first and the last day and the number of
-- all payments that count.
-- $1 dataset, $2 the fewest payments of a department, $3 limit
WITH paid AS MATERIALIZED (
    SELECT e.department, coalesce(e.vendor_key, e.vendor, '') AS vendor, e.entered, e.amount,
        coalesce(e.fiscal_year, extract(year FROM e.entered)::integer) AS year
    FROM expenditures e
    WHERE e.dataset = $1 AND e.department <> '' AND e.entered IS NOT NULL
), years AS (
    -- A few payments are always dated wrongly, so the last day is that of all but one in a hundred.
    SELECT year, percentile_disc(0.99) WITHIN GROUP (ORDER BY entered) AS last_day FROM paid GROUP BY year
), newest AS (
    SELECT max(year) AS year, count(*) > 1 AS has_full_years FROM years
), ends AS (
    -- The month in which most fiscal years end; the newest one may not be over.
    SELECT n.year, n.has_full_years,
        mode() WITHIN GROUP (ORDER BY extract(month FROM y.last_day))
            FILTER (WHERE y.year < n.year OR NOT n.has_full_years)::integer AS month,
        max(y.last_day) FILTER (WHERE y.year = n.year) AS last_day
    FROM years y
    CROSS JOIN newest n
    GROUP BY n.year, n.has_full_years
), vendors AS (
    SELECT department, vendor, sum(amount) AS total FROM paid GROUP BY department, vendor HAVING sum(amount) > 0
), concentration AS (
    SELECT department, (10000 * sum(total * total) / (sum(total) * sum(total)))::float8 AS hhi
    FROM vendors
    GROUP BY department
), extent AS (
    SELECT min(entered) AS first_day, max(entered) AS last_day, count(*) AS payments FROM paid
)
SELECT p.department, count(*) AS payments, sum(p.amount)::float8 AS total, coalesce(c.hhi, 0) AS hhi,
    -- Of full fiscal years alone, where there are any.
    coalesce(
        sum(p.amount) FILTER (
            WHERE (p.year < e.year OR NOT e.has_full_years)
                AND (extract(month FROM p.entered)::integer - e.month + 23) % 12 >= 9)
        / nullif(sum(p.amount) FILTER (WHERE p.year < e.year OR NOT e.has_full_years), 0), 0
    )::float8 AS last_quarter,
    coalesce(sum(p.amount) FILTER (WHERE p.year = e.year), 0)::float8 AS newest,
    coalesce(
        sum(p.amount) FILTER (WHERE p.year = e.year - 1 AND p.entered <= e.last_day - interval '1 year'), 0
    )::float8 AS before,
    x.first_day, x.last_day, x.payments AS all_payments
FROM paid p
CROSS JOIN ends e
CROSS JOIN extent x
LEFT JOIN concentration c ON c.department = p.department
GROUP BY p.department, c.hhi, x.first_day, x.last_day, x.payments
HAVING count(*) >= $2::bigint
ORDER BY p.department COLLATE "C"
LIMIT $3
