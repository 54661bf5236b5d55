-- How the sender said that the file of a batch is written, by the words of the command line; what is not there was found
-- out. Dead letters are read again the same way.
ALTER TABLE ingest_batches ADD COLUMN dialect jsonb NOT NULL DEFAULT '{}';

-- Without the look into h3_cells for every row, which was there to give the planner an estimate and took more time than all
-- the rest.
CREATE OR REPLACE VIEW cell_spreads AS
SELECT
    k.run,
    k.resolution,
    u.h3_index,
    (k.to_day - k.from_day + 1)::float8 AS days,
    sum(u.event_count::float8) AS events,
    (k.to_day - k.from_day + 1) * sum(u.event_count::float8 * u.event_count)
        - sum(u.event_count::float8) * sum(u.event_count::float8) AS spread
FROM run_scales k
JOIN daily_aggregates a
    ON a.dataset = k.dataset AND a.resolution = k.resolution AND a.day BETWEEN k.from_day AND k.to_day
CROSS JOIN LATERAL unnest(a.cells, a.counts) AS u(h3_index, event_count)
GROUP BY k.run, k.resolution, k.from_day, k.to_day, u.h3_index;

-- A left join, so that a query that asks for no outline does without; every scored cell has one.
CREATE OR REPLACE VIEW daily_risk AS
SELECT
    risk_slice(d.id, f.resolution, f.day) AS slice,
    f.dataset,
    f.resolution,
    f.day,
    f.h3_index,
    f.event_count,
    f.rolling_7d_avg,
    f.growth_rate,
    f.risk,
    f.risk_score,
    f.risk_level,
    f.z_score,
    f.anomaly,
    c.geom,
    c.geom_3857
FROM daily_figures f
JOIN datasets d ON d.slug = f.dataset
LEFT JOIN h3_cells c ON c.h3_index = f.h3_index;
