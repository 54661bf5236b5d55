#include "build.h"

/* Package.swift defines these from the environment of the build, which scripts/build sets. */
#ifndef HEXTANT_COMMIT
#define HEXTANT_COMMIT ""
#endif
#ifndef HEXTANT_BUILD_DATE
#define HEXTANT_BUILD_DATE ""
#endif

const char *hextant_build_commit(void) { return HEXTANT_COMMIT; }

const char *hextant_build_date(void) { return HEXTANT_BUILD_DATE; }
