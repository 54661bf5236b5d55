-- Without CASCADE: what others built on an extension is not ours to drop.
DROP EXTENSION btree_gist;
DROP EXTENSION postgis;
DROP EXTENSION timescaledb;
