import ArgumentParser

/// The options of a process that has no other server for its metrics.
struct MetricsOptions: ParsableArguments {
    @Option(help: "Address to show metrics on. [HEXTANT_METRICS_HOST, 127.0.0.1]") var metricsHost: String?
    @Option(help: "Port to show metrics on (/metrics), 0 for any. [HEXTANT_METRICS_PORT, none: they are not shown]")
    var metricsPort: Int?

    /// Where to listen; `nil` without a port.
    /// - Throws: ``ConfigurationError`` for a port that is none.
    func address(_ settings: Settings) throws -> (host: String, port: Int)? {
        guard settings.text(.metricsPort, flag: metricsPort.map(String.init)) != nil else { return nil }
        let port = try settings.number(.metricsPort, flag: metricsPort, in: 0...65_535, default: 0)
        return (settings.text(.metricsHost, flag: metricsHost) ?? "127.0.0.1", port)
    }
}
