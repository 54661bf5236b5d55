#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// The file that the system writes of a process that crashes.
enum CoreDump {
    /// Keeps the process's memory, and with it passwords, keys and tokens, out of a core dump, wherever the system
    /// sends it and also where a debugger takes one. Threads and registers stay in it.
    ///
    /// `HEXTANT_CORE_DUMP=full` leaves the memory in, for whoever looks for a fault. Linux only: it is
    /// `coredump_filter` of core(5).
    static func leaveMemoryOut() {
        #if os(Linux)
        if let wish = getenv("HEXTANT_CORE_DUMP"), strcmp(wish, "full") == 0 { return }
        let filter = open("/proc/self/coredump_filter", O_WRONLY)
        // Without /proc there is no filter; a kernel without core dumps has none either.
        guard filter >= 0 else { return }
        write(filter, "0", 1)
        close(filter)
        #endif
    }
}
