DROP TABLE models;
DROP FUNCTION activate_model(bigint);
DROP FUNCTION note_models();
DROP TABLE model_version;
