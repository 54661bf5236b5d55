-- Accounts by name, with the datasets granted to each.
SELECT
    u.username, u.role::text, u.disabled_at IS NOT NULL, u.created_at, string_agg(g.dataset, ',' ORDER BY g.dataset)
FROM users u
LEFT JOIN dataset_grants g ON g.user_id = u.id
GROUP BY u.id
ORDER BY u.username;
