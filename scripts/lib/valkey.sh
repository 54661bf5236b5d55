# shellcheck shell=bash
# A private Valkey or Redis as a cache, with nothing on disk. Sourced by scripts/services, never run.

valkey_port=${HEXTANT_REDIS_PORT:-63799}
valkey_folder=$served/valkey
valkey_log=$state/logs/valkey.log

valkey_running() { [ -n "$(processes_in "$valkey_folder")" ]; }

# The path of a Redis >= 6 or a Valkey on this host, or nothing.
host_valkey() {
    local server
    for server in valkey-server redis-server; do
        if have $server && [ "$($server --version | sed 's/.*v=\([0-9]*\).*/\1/')" -ge 6 ]; then
            command -v $server
            return
        fi
    done
}

start_valkey() {
    if valkey_running; then
        return
    fi
    refuse_taken_port "$valkey_port" HEXTANT_REDIS_PORT
    detached "$valkey_log" "$valkey_server" --bind 127.0.0.1 --port "$valkey_port" --dir "$served_inside/valkey" \
        --save '' --appendonly no --maxmemory 256mb --maxmemory-policy allkeys-lru --daemonize no
    wait_until 30 "$valkey_folder" "$valkey_log" valkey_ready
    printf '%s\n' "$valkey_port" >"$state/redis-port"
}

valkey_ready() {
    local answer=
    # Otherwise another program may be answering on our port.
    valkey_running || return 1
    { exec 3<>"/dev/tcp/127.0.0.1/$valkey_port"; } 2>/dev/null || return 1
    printf 'PING\r\n' >&3
    read -r -t 2 answer <&3 || true
    exec 3>&-
    [ "${answer%$'\r'}" = +PONG ]
}

stop_valkey() {
    end_processes TERM "$valkey_folder" 10 || end_processes KILL "$valkey_folder" 5 \
        || fail "Valkey does not end: processes $(processes_in "$valkey_folder" | tr '\n' ' ')"
}
