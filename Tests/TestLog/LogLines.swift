package import Logging
import Synchronization

/// The lines that a log was given.
package final class LogLines: Sendable {
    private let events = Mutex<[(line: String, metadata: [String])]>([])

    package init() {}

    /// The level and the message of each.
    package var all: [String] { events.withLock { $0.map(\.line) } }

    /// The same with the metadata, each pair as `key=value`, in the order of the keys.
    package var withMetadata: [String] {
        events.withLock { $0.map { ([$0.line] + $0.metadata).joined(separator: " ") } }
    }

    /// A logger that adds to them.
    package var logger: Logger { Logger(label: "test") { _ in Handler(lines: self) } }

    private struct Handler: LogHandler {
        let lines: LogLines
        var logLevel = Logger.Level.trace
        var metadata: Logger.Metadata = [:]
        var metadataProvider: Logger.MetadataProvider?

        subscript(metadataKey key: String) -> Logger.MetadataValue? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            let all = metadata.merging(event.metadata ?? [:]) { $1 }
            let words = all.map { "\($0.key)=\($0.value)" }.sorted()
            lines.events.withLock { $0.append((line: "\(event.level) \(event.message)", metadata: words)) }
        }
    }
}
