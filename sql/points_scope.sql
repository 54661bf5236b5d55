-- Sets what sql/points.sql reads, since COPY takes no parameters; for the transaction only.
-- $1 dataset, $2 time zone, $3 first local day, $4 last local day
--
-- The times only narrow what is read: a day can have two midnights, so the local date decides, with a day to spare.
SELECT
    set_config('hextant.dataset', $1, true),
    set_config('hextant.time_zone', $2, true),
    set_config('hextant.first_day', $3::date::text, true),
    set_config('hextant.last_day', $4::date::text, true),
    set_config('hextant.from', (($3::date - 1)::timestamp AT TIME ZONE $2)::text, true),
    set_config('hextant.to', (($4::date + 2)::timestamp AT TIME ZONE $2)::text, true);
