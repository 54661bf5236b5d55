import Logging

extension Logger {
    /// Sets up the log of a long-running process on standard error. Call it once in a process.
    static func bootstrapped(_ settings: Settings, level flag: String?) throws -> Logger {
        let text = settings.text(.logLevel, flag: flag) ?? "info"
        guard let level = Logger.Level(rawValue: text) else {
            throw ConfigurationError(
                "log_level is \"\(text)\": it must be one of trace, debug, info, notice, warning, error")
        }
        switch settings.text(.logFormat, flag: nil) ?? "text" {
        case "text": LoggingSystem.bootstrap(StreamLogHandler.standardError)
        case "json": LoggingSystem.bootstrap { JSONLogHandler(label: $0) }
        case let other: throw ConfigurationError("log_format is \"\(other)\": it must be text or json")
        }
        var logger = Logger(label: "hextant")
        logger.logLevel = level
        return logger
    }
}
