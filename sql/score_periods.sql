-- The highest score of each cell in the periods of 7, 28, 90 and 365 days up to a day, -1 without one, and the days on
-- which it was flagged.
-- $1 dataset, $2 resolution, $3 last day
SELECT
    h3_index,
    ARRAY[
        coalesce(max(risk_score) FILTER (WHERE day > $3::date - 7), -1),
        coalesce(max(risk_score) FILTER (WHERE day > $3::date - 28), -1),
        coalesce(max(risk_score) FILTER (WHERE day > $3::date - 90), -1),
        max(risk_score)
    ] AS max_scores,
    ARRAY[
        count(*) FILTER (WHERE anomaly AND day > $3::date - 7),
        count(*) FILTER (WHERE anomaly AND day > $3::date - 28),
        count(*) FILTER (WHERE anomaly AND day > $3::date - 90),
        count(*) FILTER (WHERE anomaly)
    ]::integer[] AS days_flagged
FROM daily_figures
WHERE dataset = $1 AND resolution = $2 AND day > $3::date - 365 AND day <= $3
GROUP BY h3_index;
