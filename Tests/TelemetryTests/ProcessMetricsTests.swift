import Testing

@testable import Telemetry

@Suite struct ProcessMetricsTests {
    /// A line in the format of proc(5), with a name that would mislead a parser splitting at blanks.
    static let stat =
        "4242 (a) b (c) S 1 4242 4242 0 -1 4194560 900 0 1 0 250 150 7 8 20 0 5 0 123456 987654321 2048 "
        + "18446744073709551615 1 1 0 0 0 0 0 0 0 0 0 0 17 1 0 0 0 0 0\n"

    @Test func fieldsAreThoseOfProc5() throws {
        let metrics = try #require(
            ProcessMetrics(
                stat: Self.stat, systemStat: "cpu 1 2 3\nbtime 1700000000\nprocesses 5\n", openDescriptors: 12,
                ticksPerSecond: 100, pageSize: 4096))
        #expect(metrics.cpuSeconds == 4)
        #expect(metrics.residentBytes == 8_388_608)
        #expect(metrics.startTime == 1_700_001_234.56)
        #expect(metrics.openDescriptors == 12)
    }

    @Test(arguments: ["", "1 (x", "1 (x) S 1 2", "1 (x) " + String(repeating: "a ", count: 40)])
    func otherFormatsAreRefused(stat: String) {
        #expect(
            ProcessMetrics(
                stat: stat, systemStat: "btime 1\n", openDescriptors: 1, ticksPerSecond: 100, pageSize: 4096) == nil)
    }

    #if os(Linux)
    @Test func pageTellsOfThisProcess() throws {
        let text = PrometheusRegistry().text()
        for name in [
            "process_cpu_seconds_total", "process_open_fds", "process_resident_memory_bytes",
            "process_start_time_seconds",
        ] {
            let line = try #require(text.split(separator: "\n").first { $0.hasPrefix(name + " ") })
            let value = try #require(Double(line.dropFirst(name.count + 1)))
            #expect(value > 0)
        }
        let metrics = try #require(ProcessMetrics.current())
        // A Swift test process is larger than 1 MB, and standard input, output and error are open.
        #expect(metrics.residentBytes > 1 << 20)
        #expect(metrics.openDescriptors >= 3)
    }
    #endif
}
