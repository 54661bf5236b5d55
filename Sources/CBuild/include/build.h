#ifndef HEXTANT_BUILD_H
#define HEXTANT_BUILD_H

/* The commit that was built, and when; empty where the build was not told. */
const char *hextant_build_commit(void);
const char *hextant_build_date(void);

#endif
