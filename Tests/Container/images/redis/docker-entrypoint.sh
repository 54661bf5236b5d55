#!/bin/sh
# Runs Redis as its user. The published image is compiled without protected mode, which answers the loopback interface
# only; Debian's is not.
set -eu
if [ "$1" != redis-server ]; then
    exec "$@"
fi
if [ "$(id -u)" = 0 ]; then
    chown redis:redis .
    exec setpriv --reuid=redis --regid=redis --clear-groups "$0" "$@"
fi
exec "$@" --protected-mode no
