import Logging

/// How a long-running process writes its log.
struct LogSettings {
    private enum Format: String, CaseIterable {
        case text
        case json
    }

    private let level: Logger.Level
    private let format: Format

    init(_ settings: Settings, level flag: String?) throws {
        func word<Word: RawRepresentable & CaseIterable>(
            _ setting: Setting, _ flag: String?, _ usual: Word
        ) throws -> Word where Word.RawValue == String {
            guard let text = settings.text(setting, flag: flag) else { return usual }
            let words = Word.allCases.map(\.rawValue).joined(separator: ", ")
            return try Word(rawValue: text) ?? settings.refuse(setting, flag: flag, "it must be one of \(words)", usual)
        }
        level = try word(.logLevel, flag, .info)
        format = try word(.logFormat, nil, .text)
    }

    /// Sets up the log on standard error. Call it once in a process.
    func bootstrapped() -> Logger {
        switch format {
        case .text: LoggingSystem.bootstrap(StreamLogHandler.standardError)
        case .json: LoggingSystem.bootstrap { JSONLogHandler(label: $0) }
        }
        var logger = Logger(label: "hextant")
        logger.logLevel = level
        return logger
    }
}
