# shellcheck shell=bash
# How the tests are built: optimised, as a user's binary is, but with what is internal open to the suites. Sourced.
# shellcheck disable=SC2034
build_options=(--configuration release -Xswiftc -enable-testing)
