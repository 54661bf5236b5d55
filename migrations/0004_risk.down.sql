DROP TABLE jobs;
DROP TABLE analytics_runs;
DROP TYPE run_state;
DROP TABLE anomaly_flags;
DROP TABLE risk_scores;
DROP TABLE cell_aggregates;
DROP TABLE h3_cells;
DROP TYPE risk_level;
