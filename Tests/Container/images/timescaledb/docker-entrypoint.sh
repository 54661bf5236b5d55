#!/bin/bash
# Makes the cluster at the first start, with the user, password and database that the variables name and TimescaleDB
# in every database, then runs the command. As in the published image, the server that does so listens on its socket
# only.
set -euo pipefail
if [ "$1" = postgres ] && [ ! -s "$PGDATA/PG_VERSION" ]; then
    : "${POSTGRES_PASSWORD:?the password of the database must be given}"
    : "${POSTGRES_USER:=postgres}" "${POSTGRES_DB:=$POSTGRES_USER}"
    initdb --username="$POSTGRES_USER" --pwfile=<(printf '%s\n' "$POSTGRES_PASSWORD")
    echo "host all all all scram-sha-256" >>"$PGDATA/pg_hba.conf"
    if [ "${TIMESCALEDB_TELEMETRY:-}" = off ]; then
        echo "timescaledb.telemetry_level = off" >>"$PGDATA/postgresql.conf"
    fi
    pg_ctl --wait --options="$(printf '%q ' "${@:2}" -c listen_addresses=)" start
    for database in postgres template1; do
        psql --no-psqlrc --set=ON_ERROR_STOP=1 --username="$POSTGRES_USER" --dbname="$database" \
            --command="CREATE EXTENSION IF NOT EXISTS timescaledb"
    done
    createdb --username="$POSTGRES_USER" "$POSTGRES_DB"
    pg_ctl --wait --mode=fast stop
fi
exec "$@"
