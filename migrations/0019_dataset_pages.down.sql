DROP INDEX datasets_open;
DROP TRIGGER raise_access_version ON datasets;
CREATE TRIGGER raise_access_version AFTER INSERT OR DELETE OR UPDATE OF slug, visibility ON datasets
    FOR EACH STATEMENT EXECUTE FUNCTION raise_access_version();
