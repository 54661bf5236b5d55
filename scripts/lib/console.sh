# shellcheck shell=bash
# What every script says and how it ends. Sourced, never run.

repository=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
# The state folder: data, logs, passwords and stamps of what this clone has started. Never committed.
state=${HEXTANT_STATE:-$repository/.state}
case $state in /*) ;; *) state=$PWD/$state ;; esac

say() { printf '%s\n' "$*"; }

# Ends the script with one plain line on standard error: what is wrong and what to do about it.
fail() {
    printf '%s: %s\n' "$(basename "$0")" "$*" >&2
    exit 1
}

have() { command -v "$1" >/dev/null 2>&1; }

# Runs a command as root: directly, or through sudo.
as_root() {
    if [ "$(id -u)" -eq 0 ]; then
        "$@"
    else
        sudo -- "$@"
    fi
}

# Whether as_root can work at all.
can_be_root() { [ "$(id -u)" -eq 0 ] || have sudo; }

# Lets sudo ask for its password now, while the terminal is free for it.
ask_for_root() { [ "$(id -u)" -eq 0 ] || sudo -v || fail "sudo refused"; }

# step TEXT COMMAND...: runs the command quietly with its output in a log, says how long it took, shows a sign of life
# every ten seconds, and the end of the log when the command fails.
step() {
    local text=$1 began=$SECONDS log beat pid status=0
    shift
    mkdir -p "$state/logs"
    log=$state/logs/$(printf '%s' "$text" | tr -cs 'a-zA-Z0-9' '-' | tr '[:upper:]' '[:lower:]').log
    say "$text ..."
    "$@" >"$log" 2>&1 </dev/null &
    pid=$!
    (
        while sleep 1 && kill -0 "$pid" 2>/dev/null; do
            [ $(((SECONDS - began) % 10)) -eq 0 ] || continue
            say "  still at it after $((SECONDS - began)) s: $(tail -n 1 "$log" | tr '\r' '\n' | tail -n 1 | cut -c 1-90)"
        done
    ) &
    beat=$!
    wait "$pid" || status=$?
    kill "$beat" 2>/dev/null || true
    wait "$beat" 2>/dev/null || true
    if [ "$status" -ne 0 ]; then
        tail -n 15 "$log" >&2
        return "$status"
    fi
    say "  done in $((SECONDS - began)) s"
}
