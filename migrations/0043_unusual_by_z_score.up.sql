-- A refresh tests a count only if its z-score is high enough for an unusual one, instead of finding a limit for each cell
-- first. Where nearly all events of a cell are of one day in more than 2000, a count near the mean may be unusual, too.

-- The logarithm of the gamma function of x > 0, to 12 digits: Stirling's series (Abramowitz and Stegun 6.1.41) of x + 8.
CREATE OR REPLACE FUNCTION log_gamma(x float8) RETURNS float8
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT (x + 7.5) * ln(x + 8) - x - 8 + 0.5 * ln(2 * pi())
        - ln(x * (x + 1) * (x + 2) * (x + 3) * (x + 4) * (x + 5) * (x + 6) * (x + 7))
        + (1.0::float8 / 12 - (1.0::float8 / 360 - (1.0::float8 / 1260 - (1.0::float8 / 1680
            - 1.0::float8 / 1188 / (x + 8) ^ 2) / (x + 8) ^ 2) / (x + 8) ^ 2) / (x + 8) ^ 2) / (x + 8)
$$;

-- As in migration 0042, but for what is told to be near the mean.
CREATE OR REPLACE FUNCTION is_unusual(count integer, days float8, events float8, spread float8) RETURNS boolean
    LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
    most CONSTANT float8 := ln(0.001);
    others float8 := days - 1;
    mean float8;
    variance float8;
    shape float8;
    share float8;
    ratio float8;
    total float8;
    after float8;
    exact float8;
    enough float8;
    term float8;
    step float8;
    former float8;
    before float8 := 1;
    upper float8 := 1;
    lower float8 := 0;
    fraction float8 := 1;
BEGIN
    IF count < 3 OR others < 1 OR spread IS NULL THEN
        RETURN false;
    END IF;
    mean := (events - count + 0.5) / others;
    -- The mean square of the other days' counts less the square of their mean.
    variance := ((spread + events * events) / days - count::float8 * count) / others - ((events - count) / others) ^ 2;
    shape := least(events - count + 0.5, CASE WHEN variance > mean THEN mean * mean / (variance - mean) END);
    -- From this shape on, nothing within three standard deviations is that rare, and to find that out takes less.
    IF shape >= 0.0005 AND count <= mean + 3 * sqrt(mean + mean * mean / shape) THEN
        RETURN false;
    END IF;
    -- The chance of exactly this many events, as a logarithm, so that none is too small. The ratios of further chances lie
    -- between the next one and `share`, so that of as many or more lies between two geometric series.
    share := mean / (mean + shape);
    total := count + shape;
    after := count + 1;
    ratio := share * total / after;
    exact := count * ln(share) + shape * ln(shape / (mean + shape))
        + log_gamma(total) - log_gamma(after) - log_gamma(shape);
    IF exact - ln(1 - least(share, ratio)) > most THEN
        RETURN false;
    END IF;
    IF exact - ln(1 - greatest(share, ratio)) <= most THEN
        RETURN true;
    END IF;
    -- The chance is a regularized incomplete beta function: `exact` over the continued fraction of DLMF 8.17.22, here by
    -- the method of Lentz until it is clear on which side of `enough` it ends.
    enough := exp(exact - most);
    FOR n IN 1..10000 LOOP
        term := share / ((count::float8 + n - 1) * (count::float8 + n)) * CASE n % 2
            WHEN 0 THEN (n / 2) * (shape - n / 2)
            ELSE -(count + n / 2) * (count + shape + n / 2)
        END;
        upper := 1 + term / upper;
        lower := 1 / (1 + term * lower);
        fraction := fraction * upper * lower;
        -- Steps of two terms shrink at least nearly as a geometric series.
        IF n % 2 = 0 THEN
            step := abs(fraction - before);
            EXIT WHEN step < 1e-12 * fraction;
            EXIT WHEN step < 0.01 * abs(fraction - enough) * (1 - step / former);
            before := fraction;
            former := step;
        END IF;
    END LOOP;
    RETURN fraction >= enough;
END
$$;

ALTER VIEW dataset_spreads RENAME TO limited_spreads;
CREATE VIEW dataset_spreads AS
SELECT
    k.dataset,
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
GROUP BY k.dataset, k.run, k.resolution, k.from_day, k.to_day, u.h3_index;

GRANT SELECT ON dataset_spreads TO hextant_reader;

-- A count three standard deviations above the other days has this z-score among all days. With n other days the shape is
-- at least 1/n, so it is below 0.0005 only in runs of more than 2000 days.
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
    CASE
        WHEN u.event_count >= 3 AND (f.z_score > 3 * sqrt((s.days - 1) / (s.days + 9)) OR s.days > 2000)
        THEN is_unusual(u.event_count, s.days, s.events, s.spread)
        ELSE false
    END AS unusual
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
-- Not "=" for the run: the planner knows nothing about cells that come out of arrays. It would sort by runs alone, and
-- compare each row with all cells of its run.
LEFT JOIN dataset_spreads s
    ON s.dataset = a.dataset AND s.run IS NOT DISTINCT FROM k.run AND s.resolution = a.resolution
        AND s.h3_index = u.h3_index
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

DROP VIEW limited_spreads;
DROP FUNCTION unusual_above(integer, float8, float8, float8);
