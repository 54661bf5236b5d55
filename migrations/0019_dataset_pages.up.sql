-- Every change of a description is heard of like one of a right: servers remember descriptions until then.
DROP TRIGGER raise_access_version ON datasets;
CREATE TRIGGER raise_access_version AFTER INSERT OR UPDATE OR DELETE ON datasets
    FOR EACH STATEMENT EXECUTE FUNCTION raise_access_version();

-- For pages of what anybody may see, however many others there are.
CREATE INDEX datasets_open ON datasets (slug) WHERE visibility = 'public';
