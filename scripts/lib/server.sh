# shellcheck shell=bash
# The demo's own hextant server in the background. Sourced by scripts/demo, never run.

# The working directory of the server, by which it is found again. The file `started` is as old as the server.
server_folder=$state/server
server_log=$state/logs/server.log
port=${PORT:-8080}

server_running() { [ -n "$(processes_in "$server_folder")" ]; }

server_port() { cat "$server_folder/port" 2>/dev/null || true; }

server_ready() { curl --silent --fail --max-time 5 --output /dev/null "http://127.0.0.1:$port/v1/health/ready"; }

stop_server() {
    end_processes TERM "$server_folder" 40 || end_processes KILL "$server_folder" 5 \
        || fail "the server does not end: process $(processes_in "$server_folder")"
}

# Checked before anything long begins, since a port in use would end it all.
check_server_port() {
    case $port in '' | *[!0-9]*) fail "PORT=$port is not a port number" ;; esac
    if server_running && [ "$(server_port)" = "$port" ]; then
        return
    fi
    port_taken "$port" || return 0
    fail "port $port is in use by another program$(port_owner "$port"): stop it, or run PORT=$((port + 1)) make demo"
}

# start_server BINARY: starts it, unless this very binary already runs on this port with these servers.
start_server() {
    local binary=$1 servers deadline
    servers="$HEXTANT_DATABASE_URL $HEXTANT_REDIS_URL"
    if server_running; then
        if [ "$(server_port)" = "$port" ] && [ "$servers" = "$(cat "$server_folder/servers")" ] \
            && [ ! "$binary" -nt "$server_folder/started" ] && server_ready; then
            say "The server is running already"
            return
        fi
        say "Restarting the server"
        stop_server
    fi
    mkdir -p "$server_folder"
    printf '%s\n' "$port" >"$server_folder/port"
    (umask 077 && printf '%s\n' "$servers" >"$server_folder/servers")
    touch "$server_folder/started"
    (
        close_inherited
        cd "$server_folder"
        setsid --fork "$binary" serve --port "$port" --default-dataset toronto
    ) </dev/null >"$server_log" 2>&1
    deadline=$((SECONDS + 60))
    until server_ready; do
        if [ "$SECONDS" -ge "$deadline" ] || { [ "$SECONDS" -ge $((deadline - 57)) ] && ! server_running; }; then
            tail -n 5 "$server_log" >&2
            fail "the server did not become ready; its whole log is $server_log"
        fi
        sleep 0.1
    done
}
