# shellcheck shell=bash
# How the tests are built: optimised, as a user's binary is, but with what is internal open to the suites. Sourced.

# The folder of that build. `make demo` builds in .build with other options: in one folder, each of the two would
# compile again everything that the other had compiled, and would wait until the other has ended.
test_build=.build-test
# shellcheck disable=SC2034
build_options=(--scratch-path "$test_build" --configuration release -Xswiftc -enable-testing)
