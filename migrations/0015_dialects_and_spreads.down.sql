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
JOIN h3_cells c USING (h3_index);

CREATE OR REPLACE VIEW cell_spreads AS
SELECT
    k.run,
    k.resolution,
    c.h3_index,
    (k.to_day - k.from_day + 1)::float8 AS days,
    sum(u.event_count::float8) AS events,
    (k.to_day - k.from_day + 1) * sum(u.event_count::float8 * u.event_count)
        - sum(u.event_count::float8) * sum(u.event_count::float8) AS spread
FROM run_scales k
JOIN daily_aggregates a
    ON a.dataset = k.dataset AND a.resolution = k.resolution AND a.day BETWEEN k.from_day AND k.to_day
CROSS JOIN LATERAL unnest(a.cells, a.counts) AS u(h3_index, event_count)
JOIN h3_cells c USING (h3_index)
GROUP BY k.run, k.resolution, k.from_day, k.to_day, c.h3_index;

ALTER TABLE ingest_batches DROP COLUMN dialect;
