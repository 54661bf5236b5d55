# shellcheck shell=bash
# Finding and ending the processes that these scripts started. Sourced, never run.

# Lists our servers whose working directory is a folder. They chdir to their data, and a bind mount keeps the folder's
# inode, so this also finds them in a chroot, and cannot mistake another process for ours, as a reused process id in a
# stale pid file could.
processes_in() {
    local cwd search=(find)
    [ -d "$1" ] || return 0
    # Only root sees the servers of another user.
    if [ ! -O "$1" ]; then search=(as_root find); fi
    "${search[@]}" -L /proc/[0-9]*/cwd -maxdepth 0 -samefile "$1" 2>/dev/null | while read -r cwd; do
        case $(cat "${cwd%cwd}comm" 2>/dev/null) in
            postgres | valkey-server | redis-server | hextant) basename "${cwd%/cwd}" ;;
        esac
    done
}

# end_processes SIGNAL FOLDER SECONDS: signals every server that works in the folder; fails if one is left.
end_processes() {
    local signal=$1 folder=$2 deadline=$((SECONDS + $3)) pids
    pids=$(processes_in "$folder")
    [ -n "$pids" ] || return 0
    # shellcheck disable=SC2086 # one word for each process
    if [ -O "$folder" ]; then kill "-$signal" $pids; else as_root kill "-$signal" $pids; fi 2>/dev/null || true
    while [ -n "$(processes_in "$folder")" ]; do
        [ "$SECONDS" -lt "$deadline" ] || return 1
        sleep 0.1
    done
}

# Closes every file except the standard three, because a server that outlives its shell must keep neither its locks nor
# its pipes.
close_inherited() {
    local file
    for file in /proc/self/fd/*; do
        file=${file##*/}
        if [ "$file" -gt 2 ]; then eval "exec $file>&-"; fi
    done
}

port_taken() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

# The program that listens on a port, as far as the system tells: " (nginx, process 123)" or nothing.
port_owner() {
    have ss || return 0
    ss -Hltnp "sport = :$1" 2>/dev/null \
        | sed -n 's/.*users:(("\([^"]*\)",pid=\([0-9]*\).*/ (\1, process \2)/p' | head -n 1 || true
}
