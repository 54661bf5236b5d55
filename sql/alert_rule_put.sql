-- Adds a rule of alerts or changes it. A rule that asks for something else has seen nothing yet.
-- $1 dataset, $2 name, $3 condition, $4 resolution, $5 classes, $6 number, $7 webhook, $8 secret, $9 allow_private;
-- $4, $6, $7 and $8 may be NULL
INSERT INTO alert_rules AS r (dataset, name, condition, resolution, classes, number, webhook, secret, allow_private)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
ON CONFLICT (dataset, name) DO UPDATE SET
    condition = excluded.condition, resolution = excluded.resolution, classes = excluded.classes,
    number = excluded.number, webhook = excluded.webhook, secret = excluded.secret,
    allow_private = excluded.allow_private,
    matching = CASE
        WHEN (r.condition, r.resolution, r.classes)
            IS NOT DISTINCT FROM (excluded.condition, excluded.resolution, excluded.classes)
        THEN r.matching
    END;
