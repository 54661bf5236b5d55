# shellcheck shell=bash
# Makes, tunes, starts and stops a private PostgreSQL cluster. Sourced by scripts/services, never run.

postgres_port=${HEXTANT_POSTGRES_PORT:-54329}
postgres_data=$served/postgres
postgres_log=$state/logs/postgres.log

# Line N of postmaster.pid: 1 is the process id, 4 the port, 8 the status.
postmaster_line() { as_owner sed -n "$1{s/ *$//;p}" "$postgres_data/postmaster.pid" 2>/dev/null || true; }

postgres_running() {
    local pid
    pid=$(postmaster_line 1)
    [ -n "$pid" ] && grep -qx "$pid" <<<"$(processes_in "$postgres_data")"
}

# The folder of a PostgreSQL >= 16 on this host that has both extensions, or nothing.
host_postgres() {
    local bin version shared
    for bin in /usr/lib/postgresql/*/bin /usr/pgsql-*/bin /usr/local/pgsql/bin /usr/local/bin; do
        if [ ! -x "$bin/initdb" ] || [ ! -x "$bin/pg_config" ]; then continue; fi
        version=$("$bin/postgres" --version | sed 's/^[^0-9]*\([0-9]*\).*/\1/')
        shared=$("$bin/pg_config" --sharedir)
        if [ "$version" -ge 16 ] && [ -f "$shared/extension/postgis.control" ] \
            && [ -f "$shared/extension/timescaledb.control" ]; then
            say "$bin"
        fi
    done | sort -V | tail -n 1
}

postgres_has() { in_place test -f "$(in_place "$postgres_bin/pg_config" --sharedir)/extension/$1.control"; }

# Settings for bulk loads on this machine. HEXTANT_THROWAWAY=1 (the tests' cluster) trades safety in a crash for speed.
postgres_settings() {
    local memory buffers preload=timescaledb sockets=$served_inside/run
    memory=$(awk '/^MemTotal/ { print int($2 / 1024) }' /proc/meminfo)
    buffers=$((memory / 4 < 2048 ? memory / 4 : 2048))
    if postgres_has pg_stat_statements; then preload=$preload,pg_stat_statements; fi
    # Otherwise every connection takes 15 ms to load PostGIS and its libraries at its first point.
    # shellcheck disable=SC2016
    if in_place sh -c 'test -f "$("$1" --pkglibdir)/postgis-3.so"' check "$postgres_bin/pg_config"; then
        preload=$preload,postgis-3
    fi
    # The path of a socket may have 107 bytes.
    if [ ${#sockets} -gt 80 ]; then sockets=; fi
    cat <<-END
	# Written anew by scripts/services at every start; your own settings belong in local.conf beside it.
	listen_addresses = '127.0.0.1'
	port = $postgres_port
	unix_socket_directories = '$sockets'
	max_connections = 200
	shared_preload_libraries = '$preload'
	shared_buffers = ${buffers}MB
	effective_cache_size = $((memory / 2))MB
	maintenance_work_mem = $((memory / 16 < 512 ? memory / 16 : 512))MB
	work_mem = 32MB
	max_wal_size = 4GB
	checkpoint_timeout = 15min
	max_locks_per_transaction = 256
	max_worker_processes = 32
	random_page_cost = 1.1
	jit = off
	timescaledb.telemetry_level = off
	password_encryption = scram-sha-256
	timezone = 'UTC'
	log_timezone = 'UTC'
	log_line_prefix = '%m [%p] %d '
	END
    if [ "${HEXTANT_THROWAWAY:-0}" = 1 ]; then
        cat <<-END
		fsync = off
		full_page_writes = off
		synchronous_commit = off
		timescaledb.max_background_workers = 0
		END
    fi
    say "include_if_exists = 'local.conf'"
}

# Made under another name and renamed when complete. The database is created by a single-user backend, which needs
# neither a password nor a port.
make_cluster() {
    # shellcheck disable=SC2016
    in_place sh -c '
        set -eu
        umask 077
        cd "$1"
        rm -rf postgres.unfinished
        cat >password
        "$2/initdb" -D postgres.unfinished --username=hextant --pwfile=password --auth=scram-sha-256 \
            --encoding=UTF8 --locale=C.UTF-8 --no-sync
        rm password
        echo "CREATE DATABASE hextant" | "$2/postgres" --single -D postgres.unfinished postgres
        mv postgres.unfinished postgres' make_cluster "$served_inside" "$postgres_bin" <"$state/password"
}

start_postgres() {
    if postgres_running; then
        return
    fi
    # Children of a killed postmaster keep its shared memory until they notice.
    end_processes TERM "$postgres_data" 5 || end_processes KILL "$postgres_data" 5 \
        || fail "processes of an earlier PostgreSQL do not end: $(processes_in "$postgres_data" | tr '\n' ' ')"
    refuse_taken_port "$postgres_port" HEXTANT_POSTGRES_PORT
    as_owner test -d "$postgres_data" || step "Making the database cluster" make_cluster \
        || fail_step "could not make the database cluster"
    # No process of ours is left, so its lock files are stale, even if another process has its id by now.
    as_owner rm -f "$postgres_data/postmaster.pid" "$served/run"/.s.PGSQL.*
    # shellcheck disable=SC2016
    postgres_settings | in_place sh -c 'cat >"$1/postgresql.conf"' settings "$served_inside/postgres"
    detached "$postgres_log" "$postgres_bin/postgres" -D "$served_inside/postgres"
    # Recovery after a crash may replay gigabytes, so the wait is long as long as the process lives.
    wait_until 600 "$postgres_data" "$postgres_log" postgres_ready
}

# A killed server may have left a file that says so.
postgres_ready() { [ "$(postmaster_line 8)" = ready ] && postgres_running; }

stop_postgres() {
    local pid
    [ -n "$(processes_in "$postgres_data")" ] || return 0
    if postgres_running; then
        pid=$(postmaster_line 1)
        as_owner kill -INT "$pid"
        for _ in $(seq 300); do
            [ -n "$(processes_in "$postgres_data")" ] || return 0
            sleep 0.1
        done
    fi
    end_processes QUIT "$postgres_data" 10 || end_processes KILL "$postgres_data" 5 \
        || fail "PostgreSQL does not end: processes $(processes_in "$postgres_data" | tr '\n' ' ')"
}
