# shellcheck shell=bash
# A private Debian 13 with PostgreSQL 17, PostGIS, TimescaleDB and Valkey, for hosts whose own packages are too old.
# Sourced, never run.

# The number grows with every change of the installed packages, so that a new root is made and older ones are left.
debian_root=${XDG_CACHE_HOME:-$HOME/.cache}/hextant/debian13-services-1
debian_root_packages=postgresql-17,postgresql-17-postgis-3,postgresql-17-timescaledb,valkey-server

debian_root_made() { [ -d "$debian_root" ]; }

# The reason why no private root can be made here, or nothing.
debian_root_obstacle() {
    if ! have dpkg; then
        say "this is not a Debian-like system"
    elif ! can_be_root; then
        say "a private one needs root or sudo"
    elif ! have mmdebstrap; then
        say "a private one needs mmdebstrap (scripts/setup installs it)"
    fi
}

# The files of this shell are closed first: with many of them open, mmdebstrap's own get numbers above 9, which Debian's
# sh cannot redirect.
install_debian_root() (
    close_inherited
    # shellcheck disable=SC2016
    as_root mmdebstrap --variant=apt --include="$debian_root_packages" \
        --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-exclude=/usr/share/man/*' \
        --dpkgopt='path-exclude=/usr/share/locale/*' --aptopt='Acquire::Retries "3"' \
        --essential-hook='mkdir -p "$1/etc/postgresql-common"' \
        --essential-hook='echo "create_main_cluster = false" >"$1/etc/postgresql-common/createcluster.conf"' \
        --customize-hook='chmod 755 "$1"' --customize-hook='rm -rf "$1"/var/cache/apt/* "$1"/var/lib/apt/lists/*' \
        trixie "$1"
)

# Made beside its final name and renamed when whole, so a run that was cut off leaves nothing that looks finished.
make_debian_root() {
    local folder unfinished
    folder=$(dirname "$debian_root")
    mkdir -p "$folder"
    hold 8 "$folder/lock" "another process that makes the private Debian 13"
    if ! debian_root_made; then
        ask_for_root
        as_root rm -rf --one-file-system "$debian_root".unfinished.*
        unfinished=$debian_root.unfinished.$$
        step "Making a private Debian 13 with PostgreSQL and Valkey (once, about a minute and 700 MB)" \
            install_debian_root "$unfinished" \
            || {
                as_root rm -rf --one-file-system "$unfinished"
                fail_step "could not make the private Debian 13: is there a network?"
            }
        as_root mv "$unfinished" "$debian_root"
    fi
    exec 8>&-
}
