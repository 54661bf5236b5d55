// It defines __GLIBC__, which `stddef.h` alone does not.
#include <stdlib.h>
#if defined(__GLIBC__)
#include <malloc.h>
#endif

/// Bounds the number of heaps of the C library's allocator (mallopt(3)). Other C libraries have no such setting, and need
/// none.
static inline void hextant_bound_heaps(int heaps) {
#if defined(__GLIBC__)
    mallopt(M_ARENA_MAX, heaps);
#else
    (void)heaps;
#endif
}
