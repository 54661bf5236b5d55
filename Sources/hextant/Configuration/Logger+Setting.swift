import Logging

extension Logger {
    /// The log of a process that stays, on standard error. Once in a process.
    static func bootstrapped(level text: String) throws -> Logger {
        guard let level = Logger.Level(rawValue: text) else {
            throw ConfigurationError(
                "log_level is \"\(text)\": it must be one of trace, debug, info, notice, warning, error")
        }
        LoggingSystem.bootstrap(StreamLogHandler.standardError)
        var logger = Logger(label: "hextant")
        logger.logLevel = level
        return logger
    }
}
