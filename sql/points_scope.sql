-- Sets what sql/points.sql reads, since COPY takes no parameters; for the transaction only.
-- $1 dataset, $2 time zone, $3 first local day, $4 last local day
SELECT
    set_config('hextant.dataset', $1, true),
    set_config('hextant.time_zone', $2, true),
    set_config('hextant.from', ($3::timestamp AT TIME ZONE $2)::text, true),
    set_config('hextant.to', (($4 + 1)::timestamp AT TIME ZONE $2)::text, true);
