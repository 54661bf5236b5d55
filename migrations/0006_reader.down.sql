-- The role itself stays: other databases of the same server may use it.
REVOKE ALL ON ALL TABLES IN SCHEMA public FROM hextant_reader;
REVOKE USAGE ON SCHEMA public FROM hextant_reader;
