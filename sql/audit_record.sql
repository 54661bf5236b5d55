-- Writes entries of the audit log.
-- $1 actors, $2 client addresses, $3 actions, $4 targets, $5 outcomes, $6 statuses, $7 details; empty or 0 is NULL
INSERT INTO audit_log (actor, address, action, target, outcome, status, detail)
SELECT
    actor, nullif(address, '')::inet, action, nullif(target, ''), outcome::audit_outcome,
    nullif(status, 0)::smallint, nullif(detail, '')
FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::bigint[], $7::text[])
    AS line (actor, address, action, target, outcome, status, detail);
