-- The rules of alerts, by dataset and name.
-- $1 dataset or NULL
SELECT
    id, dataset, name, condition, resolution, array_to_string(classes, ',') AS classes, number, webhook, secret,
    allow_private, matching IS NULL AS is_new, array_to_string(matching, ',') AS matching
FROM alert_rules
WHERE $1::text IS NULL OR dataset = $1
ORDER BY dataset, name;
