import Foundation
import Logging

/// Writes each line of the log to standard error as one JSON object with `time`, `level`, `message`, `label` and the
/// metadata. No text in it can begin a new line.
struct JSONLogHandler: LogHandler {
    private static let reserved: Set<String> = ["time", "level", "message", "label"]

    let label: String
    var logLevel = Logger.Level.info
    var metadata: Logger.Metadata = [:]
    var metadataProvider: Logger.MetadataProvider?

    init(label: String) { self.label = label }

    subscript(metadataKey key: String) -> Logger.MetadataValue? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        guard let line = try? line(of: event, at: Date()) else { return }
        // One write for each line, so that lines of several threads do not mix.
        FileHandle.standardError.write(line)
    }

    func line(of event: LogEvent, at time: Date) throws -> Data {
        var fields = [
            "time": Date.ISO8601FormatStyle(includingFractionalSeconds: true).format(time),
            "level": event.level.rawValue,
            "message": "\(event.message)", "label": label,
        ]
        var all = metadata
        for more in [metadataProvider?.get(), event.metadata] { all.merge(more ?? [:]) { $1 } }
        if let error = event.error { fields["error"] = "\(error)" }
        for (name, value) in all { fields[Self.reserved.contains(name) ? "\(name)_" : name] = "\(value)" }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return try encoder.encode(fields) + Data("\n".utf8)
    }
}
