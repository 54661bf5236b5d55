# shellcheck shell=bash
# Files from wheels of the Python package index. Sourced, never run.

# fetch_wheel NAME VERSION SHA256: sets `wheel` to the path of the wheel, kept in the user's cache and checked each
# time.
fetch_wheel() {
    local name=$1 version=$2 sum=$3 folder
    folder=${XDG_CACHE_HOME:-$HOME/.cache}/hextant/wheels/$name-$version
    if ! wheel=$(checked_wheel "$folder" "$sum"); then
        rm -rf "$folder"
        step "Fetching $name $version" \
            python3 -m pip download --no-deps --disable-pip-version-check --progress-bar off \
            -d "$folder" "$name==$version" \
            || fail_step "could not fetch $name==$version with pip: is there a network?"
        wheel=$(checked_wheel "$folder" "$sum") || fail "$folder: the downloaded file has a wrong SHA-256"
    fi
}

checked_wheel() {
    local file
    for file in "$1"/*.whl; do
        if has_sum "$2" "$file"; then
            printf '%s\n' "$file"
            return
        fi
    done
    return 1
}

has_sum() { [ -f "$2" ] && printf '%s  %s\n' "$1" "$2" | sha256sum --check --status; }
