/// What the operating system says of this process, under the names that Prometheus clients share.
struct ProcessMetrics: Equatable {
    /// User and system time, in seconds.
    var cpuSeconds: Double

    /// Resident memory, in bytes.
    var residentBytes: Int64

    /// Open file descriptors.
    var openDescriptors: Int64

    /// When the process was started, in seconds since 1970.
    var startTime: Double

    /// The families, by name.
    var families: [FamilySnapshot] {
        func family(_ name: String, _ kind: MetricKind, _ help: String, _ value: SampleValue) -> FamilySnapshot {
            FamilySnapshot(
                name: name, help: help, kind: kind, samples: [Sample(labels: LabelSet(), value: value)])
        }
        return [
            family(
                "process_cpu_seconds_total", .counter, "Total user and system CPU time spent in seconds.",
                .double(cpuSeconds)),
            family("process_open_fds", .gauge, "Number of open file descriptors.", .integer(openDescriptors)),
            family(
                "process_resident_memory_bytes", .gauge, "Resident memory size in bytes.", .integer(residentBytes)),
            family(
                "process_start_time_seconds", .gauge, "Start time of the process since unix epoch in seconds.",
                .double(startTime)),
        ]
    }

    /// Reads the formats of proc(5).
    ///
    /// - Parameters:
    ///   - stat: `/proc/PID/stat`.
    ///   - systemStat: `/proc/stat`.
    ///   - openDescriptors: The number of entries of `/proc/PID/fd`.
    ///   - ticksPerSecond: `sysconf(_SC_CLK_TCK)`.
    ///   - pageSize: Bytes of a page.
    /// - Returns: nil if a text is not of that format.
    init?(stat: String, systemStat: String, openDescriptors: Int64, ticksPerSecond: Double, pageSize: Int64) {
        // The second field is the program's name in parentheses and may hold blanks and parentheses itself.
        guard let name = stat.lastIndex(of: ")"), ticksPerSecond > 0 else { return nil }
        let fields = stat[stat.index(after: name)...].split { $0 == " " || $0 == "\n" }
        let boot = systemStat.split(separator: "\n").first { $0.hasPrefix("btime ") }
        // The first one here is field 3 of proc(5): 14 utime, 15 stime, 22 starttime, 24 rss.
        guard fields.count > 21, let user = Double(fields[11]), let system = Double(fields[12]),
            let started = Double(fields[19]), let pages = Int64(fields[21]),
            let bootTime = boot?.split(separator: " ").last.flatMap({ Double($0) })
        else { return nil }
        cpuSeconds = (user + system) / ticksPerSecond
        residentBytes = pages * pageSize
        self.openDescriptors = openDescriptors
        startTime = bootTime + started / ticksPerSecond
    }
}
