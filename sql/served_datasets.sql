-- What mv_daily_risk_next holds of each dataset and resolution, kept until the swap.
CREATE TEMP TABLE served_next AS
SELECT
    dataset, resolution, count(*) AS rows, min(day) AS first_day, max(day) AS last_day,
    min(ST_XMin(geom)) AS west, min(ST_YMin(geom)) AS south, max(ST_XMax(geom)) AS east, max(ST_YMax(geom)) AS north
FROM mv_daily_risk_next
GROUP BY dataset, resolution;
