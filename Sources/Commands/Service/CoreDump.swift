#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// The core dump that the system writes when a process crashes.
enum CoreDump {
    /// Leaves the process's memory, and with it passwords, keys and tokens, out of core dumps, including those that a
    /// debugger takes. Threads and registers stay in them.
    ///
    /// `HEXTANT_CORE_DUMP=full` includes the memory, for finding a fault. This works on Linux only, with the
    /// `coredump_filter` of core(5).
    static func leaveMemoryOut() {
        #if os(Linux)
        if let wish = getenv("HEXTANT_CORE_DUMP"), strcmp(wish, "full") == 0 { return }
        let filter = open("/proc/self/coredump_filter", O_WRONLY)
        // Without /proc, or in a kernel without core dumps, there is no filter.
        guard filter >= 0 else { return }
        write(filter, "0", 1)
        close(filter)
        #endif
    }
}
