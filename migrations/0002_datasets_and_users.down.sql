DROP TABLE users;
DROP TYPE user_role;
DROP TABLE datasets;
DROP TYPE dataset_visibility;
