CREATE FUNCTION least_unusual(most integer, days float8, events float8, spread float8) RETURNS integer
    LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
BEGIN
    FOR count IN 3..most LOOP
        IF is_unusual(count, days, events, spread) THEN
            RETURN count;
        END IF;
    END LOOP;
    RETURN NULL;
END
$$;

ALTER VIEW dataset_spreads RENAME COLUMN unusual_above TO unusual_from;
CREATE OR REPLACE VIEW dataset_spreads AS
SELECT
    k.dataset,
    k.run,
    k.resolution,
    u.h3_index,
    (k.to_day - k.from_day + 1)::float8 AS days,
    sum(u.event_count::float8) AS events,
    (k.to_day - k.from_day + 1) * sum(u.event_count::float8 * u.event_count)
        - sum(u.event_count::float8) * sum(u.event_count::float8) AS spread,
    least_unusual(
        max(u.event_count), (k.to_day - k.from_day + 1)::float8, sum(u.event_count::float8),
        (k.to_day - k.from_day + 1) * sum(u.event_count::float8 * u.event_count)
            - sum(u.event_count::float8) * sum(u.event_count::float8)) AS unusual_from
FROM run_scales k
JOIN daily_aggregates a
    ON a.dataset = k.dataset AND a.resolution = k.resolution AND a.day BETWEEN k.from_day AND k.to_day
CROSS JOIN LATERAL unnest(a.cells, a.counts) AS u(h3_index, event_count)
GROUP BY k.dataset, k.run, k.resolution, k.from_day, k.to_day, u.h3_index;

CREATE OR REPLACE VIEW daily_figures AS
SELECT
    a.dataset,
    a.resolution,
    a.day,
    u.h3_index,
    u.event_count,
    u.rolling_7d_avg,
    u.growth_rate,
    u.risk,
    f.risk_score,
    CASE
        WHEN f.risk_score <= k.level_medium THEN 'low'
        WHEN f.risk_score <= k.level_high THEN 'medium'
        WHEN f.risk_score <= k.level_critical THEN 'high'
        ELSE 'critical'
    END::risk_level AS risk_level,
    f.z_score,
    f.z_score >= k.flag_z AS anomaly,
    k.run,
    coalesce(u.event_count >= s.unusual_from, false) AS unusual
FROM daily_aggregates a
CROSS JOIN LATERAL (
    SELECT * FROM run_scales n
    WHERE n.dataset = a.dataset AND n.resolution = a.resolution AND a.day BETWEEN n.from_day AND n.to_day
    ORDER BY n.run DESC
    LIMIT 1
) k
LEFT JOIN daily_scores p
    ON p.dataset = a.dataset AND p.resolution = a.resolution AND p.day = a.day AND p.run = k.run
CROSS JOIN LATERAL unnest(a.cells, a.counts, a.averages, a.growth_rates, a.risks, p.scores)
    AS u(h3_index, event_count, rolling_7d_avg, growth_rate, risk, percentile)
LEFT JOIN dataset_spreads s
    ON s.dataset = a.dataset AND s.run = k.run AND s.resolution = a.resolution AND s.h3_index = u.h3_index
CROSS JOIN LATERAL (
    SELECT
        coalesce(
            u.percentile,
            CASE
                WHEN k.highest_risk > k.lowest_risk
                THEN 100 * ((u.risk - k.lowest_risk) / (k.highest_risk - k.lowest_risk))
                ELSE 0
            END) AS risk_score,
        CASE WHEN s.spread > 0 THEN (s.days * u.event_count - s.events) / sqrt(s.spread) ELSE 0 END AS z_score
) f;

CREATE OR REPLACE FUNCTION is_unusual(count integer, days float8, events float8, spread float8) RETURNS boolean
    LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
    others float8 := days - 1;
    mean float8;
    variance float8;
    shape float8;
    chance float8;
    fewer float8 := 0;
BEGIN
    IF count < 3 OR others < 1 OR spread IS NULL THEN
        RETURN false;
    END IF;
    mean := (events - count + 0.5) / others;
    -- The mean square of the other days' counts less the square of their mean.
    variance := ((spread + events * events) / days - count::float8 * count) / others - ((events - count) / others) ^ 2;
    shape := least(events - count + 0.5, CASE WHEN variance > mean THEN mean * mean / (variance - mean) END);
    -- Nothing within two standard deviations is that rare, and to find that out takes less than the sum.
    IF count <= mean + 2 * sqrt(mean + mean * mean / shape) THEN
        RETURN false;
    END IF;
    -- The chances of 0, 1, ... events by their ratios, as logarithms, so that none is too small.
    chance := shape * (ln(shape) - ln(shape + mean));
    FOR n IN 0..count - 1 LOOP
        IF chance > -700 THEN
            fewer := fewer + exp(chance);
        END IF;
        chance := chance + ln(mean) - ln(shape + mean) + ln(shape + n) - ln(n + 1);
    END LOOP;
    RETURN 1 - fewer <= 0.001;
END
$$;

DROP FUNCTION unusual_above(integer, float8, float8, float8);
DROP FUNCTION log_gamma(float8);
