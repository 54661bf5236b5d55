UPDATE h3_cells SET geom_3857 = ST_Reverse(geom_3857);
REFRESH MATERIALIZED VIEW mv_daily_risk;
UPDATE served_view SET generation = generation + 1;
SELECT pg_notify('hextant_generation', generation::text) FROM served_view;
