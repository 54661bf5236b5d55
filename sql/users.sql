-- Accounts by name, with the datasets granted to each.
SELECT
    u.username, u.role::text, u.disabled_at IS NOT NULL AS is_disabled,
    string_agg(g.dataset, ',' ORDER BY g.dataset) AS grants
FROM users u
LEFT JOIN dataset_grants g ON g.user_id = u.id
GROUP BY u.id
ORDER BY u.username;
