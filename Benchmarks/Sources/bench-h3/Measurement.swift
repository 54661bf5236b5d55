import Glibc

/// The CPU time of this thread, in nanoseconds.
func threadTime() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) * 1e9 + Double(time.tv_nsec)
}

/// Nanoseconds of CPU time per item of the fastest of seven runs.
func fastest(of items: Int, _ run: () throws -> Void) rethrows -> Double {
    var best = Double.infinity
    for _ in 0..<7 {
        let start = threadTime()
        try run()
        best = min(best, threadTime() - start)
    }
    return best / Double(items)
}
