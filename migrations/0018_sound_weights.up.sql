-- Weights by which no risk becomes NaN or infinite. Those of before that are not get the usual ones: what was scored by them
-- is worth nothing, and the next run writes it anew.
UPDATE datasets SET weight_count = DEFAULT, weight_growth = DEFAULT, weight_average = DEFAULT
WHERE NOT (
    weight_count BETWEEN 0 AND 1000 AND weight_growth BETWEEN 0 AND 1000 AND weight_average BETWEEN 0 AND 1000
    AND greatest(weight_count, weight_growth, weight_average) >= 0.001);
ALTER TABLE datasets
    ADD CONSTRAINT datasets_weights CHECK (
        weight_count BETWEEN 0 AND 1000 AND weight_growth BETWEEN 0 AND 1000 AND weight_average BETWEEN 0 AND 1000
        AND greatest(weight_count, weight_growth, weight_average) >= 0.001);
