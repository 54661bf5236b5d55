-- The role that answers reads: it may look, never write. A server logs in as its own user and takes this role.
-- Roles belong to the whole server, so another database may have made it already, or be making it right now; and a
-- user without CREATEROLE needs an administrator to make it first.
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'hextant_reader') THEN
        BEGIN
            CREATE ROLE hextant_reader NOLOGIN;
        EXCEPTION WHEN duplicate_object OR unique_violation THEN
            NULL;
        END;
    END IF;
    IF NOT pg_has_role(current_user, 'hextant_reader', 'MEMBER') THEN
        GRANT hextant_reader TO CURRENT_USER;
    END IF;
END
$$;

GRANT USAGE ON SCHEMA public TO hextant_reader;
GRANT SELECT ON datasets, events, h3_cells, cell_aggregates, risk_scores, anomaly_flags, analytics_runs,
    schema_migrations, served_view, served_datasets, mv_daily_risk TO hextant_reader;
