# shellcheck shell=bash
# Messages and exits shared by all scripts. Sourced, never run.

repository=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
# The state folder: data, logs, passwords and markers of what this clone has started. Never committed.
state=${HEXTANT_STATE:-$repository/.state}
case $state in /*) ;; *) state=$PWD/$state ;; esac

say() { printf '%s\n' "$*"; }

# Ends the script with one plain line on standard error that names the fault and its remedy.
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

# hold NUMBER FILE TEXT: opens the file under this number and locks it; says what it waits for if somebody else has it.
hold() {
    eval "exec $1>\"\$2\""
    flock --nonblock "$1" && return
    say "Waiting for $3 (it holds $2) ..." >&2
    flock "$1"
}

last_line() { tail -n 5 "$1" | tr '\r' '\n' | grep -v '^[[:space:]]*$' | tail -n 1 | cut -c 1-90; }

# step TEXT COMMAND...: runs the command quietly with its output in a log, says how long it took and prints
# progress every ten seconds. The command stays in the foreground, so that an interrupt reaches it.
step() {
    local text=$1 began=$SECONDS beat status=0
    shift
    mkdir -p "$state/logs"
    step_log=$state/logs/$(printf '%s' "${text%% (*}" | tr -cs 'a-zA-Z0-9' '-' | cut -c 1-60).log
    say "$text ..."
    (
        while sleep 1 >/dev/null 2>&1 && kill -0 $$ 2>/dev/null; do
            [ $(((SECONDS - began) % 10)) -eq 0 ] || continue
            say "  still running after $((SECONDS - began)) s: $(last_line "$step_log")"
        done
    ) &
    beat=$!
    "$@" >"$step_log" 2>&1 </dev/null || status=$?
    kill "$beat" 2>/dev/null || true
    wait "$beat" 2>/dev/null || true
    [ "$status" -eq 0 ] || return "$status"
    say "  done in $((SECONDS - began)) s"
}

# Ends the script after a failed step. If nobody will be able to open the log, its end is shown.
fail_step() {
    if [ "${CI:-}" = true ]; then tail -n 40 "$step_log" >&2; fi
    fail "$* (the whole log is $step_log)"
}
