/// The metrics of this process from the operating system, with the names that Prometheus clients share.
struct ProcessMetrics: Equatable {
    /// The user and system time in seconds.
    var cpuSeconds: Double

    /// The resident memory in bytes.
    var residentBytes: Int64

    /// The number of open file descriptors.
    var openDescriptors: Int64

    /// The start time of the process in seconds since 1970.
    var startTime: Double

    /// The metric families by name.
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

    /// Parses the formats of proc(5).
    ///
    /// - Parameters:
    ///   - stat: The text of `/proc/PID/stat`.
    ///   - systemStat: The text of `/proc/stat`.
    ///   - openDescriptors: The number of entries of `/proc/PID/fd`.
    ///   - ticksPerSecond: The value of `sysconf(_SC_CLK_TCK)`.
    ///   - pageSize: The size of a page in bytes.
    /// - Returns: nil if a text has another format.
    init?(stat: String, systemStat: String, openDescriptors: Int64, ticksPerSecond: Double, pageSize: Int64) {
        // The second field is the program's name in parentheses, which may contain blanks and parentheses itself.
        guard let name = stat.lastIndex(of: ")"), ticksPerSecond > 0 else { return nil }
        let fields = stat[stat.index(after: name)...].split { $0 == " " || $0 == "\n" }
        let boot = systemStat.split(separator: "\n").first { $0.hasPrefix("btime ") }
        // The first field here is number 3 of proc(5): 14 is utime, 15 stime, 22 starttime, 24 rss.
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
