import Glibc
import H3

/// The CPU time of this thread, in nanoseconds.
private func threadTime() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) * 1e9 + Double(time.tv_nsec)
}

/// Prints a line of JSON: the nanoseconds of CPU time per item of the fastest of seven runs, and what `run` answers, a sum
/// of its results to compare with another library's.
func measure(_ function: String, _ resolution: Resolution, items: Int, _ run: () throws -> UInt64) rethrows {
    var best = Double.infinity
    var sum: UInt64 = 0
    for _ in 0..<7 {
        let start = threadTime()
        sum = try run()
        best = min(best, threadTime() - start)
    }
    let nanoseconds = best / Double(items)
    print(
        #"{"function": "\#(function)", "resolution": \#(resolution), "ns": \#(nanoseconds), "sum": \#(sum)}"#)
}
