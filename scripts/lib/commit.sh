# shellcheck shell=bash
# Tells the build which commit it is of, for `hextant version`. Sourced. A build from an archive may set both itself.

if [ -z "${HEXTANT_COMMIT:-}" ] && commit=$(git rev-parse --short=12 HEAD 2>/dev/null); then
    if [ -n "$(git status --porcelain --untracked-files=no)" ]; then commit+=-dirty; fi
    HEXTANT_COMMIT=$commit
    # The time of the commit and not that of the build, so that the same sources give the same program.
    HEXTANT_BUILD_DATE=$(TZ=UTC git log -1 --format=%cd --date=format-local:%Y-%m-%dT%H:%M:%SZ)
    export HEXTANT_COMMIT HEXTANT_BUILD_DATE
fi
